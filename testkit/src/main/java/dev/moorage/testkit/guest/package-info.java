/** Runs tests that need another kernel, inside a guest machine that {@code dev.d/guest} boots. */
@NullMarked
package dev.moorage.testkit.guest;

import org.jspecify.annotations.NullMarked;
