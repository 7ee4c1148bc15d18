/** The rules of the house as a test: what the compiler does not check, checked on every build. */
@NullMarked
package dev.moorage.tidy;

import org.jspecify.annotations.NullMarked;
