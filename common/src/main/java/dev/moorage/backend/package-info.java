/** The contract of a backend and the table of those that exist. */
@NullMarked
package dev.moorage.backend;

import org.jspecify.annotations.NullMarked;
