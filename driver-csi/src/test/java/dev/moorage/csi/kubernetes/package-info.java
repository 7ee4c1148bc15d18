/** Tests of what the router asks of the cluster's API. */
@NullMarked
package dev.moorage.csi.kubernetes;

import org.jspecify.annotations.NullMarked;
