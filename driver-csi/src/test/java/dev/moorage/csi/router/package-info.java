/** Tests of the router. */
@NullMarked
package dev.moorage.csi.router;

import org.jspecify.annotations.NullMarked;
