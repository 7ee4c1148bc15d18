/** The router: CSI on both sides. It has no pools; it sends each call to the node that it is for. */
@NullMarked
package dev.moorage.csi.router;

import org.jspecify.annotations.NullMarked;
