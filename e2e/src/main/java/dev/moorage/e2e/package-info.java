/** A real Docker Engine with the real product beside it, in a namespace of their own that vanishes without a trace. */
@NullMarked
package dev.moorage.e2e;

import org.jspecify.annotations.NullMarked;
