/** Configuration: one record per component, read once, all problems reported together. */
@NullMarked
package dev.moorage.config;

import org.jspecify.annotations.NullMarked;
