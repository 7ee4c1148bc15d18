/** Crash and power-cut tests over whole histories. */
@NullMarked
package dev.moorage.testkit.history;

import org.jspecify.annotations.NullMarked;
