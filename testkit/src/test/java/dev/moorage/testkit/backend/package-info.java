@NullMarked
package dev.moorage.testkit.backend;

import org.jspecify.annotations.NullMarked;
