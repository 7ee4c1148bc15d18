/** What the router asks of the cluster's own API, and keeps in it: nodes, certificates, the map of pools, who leads. */
@NullMarked
package dev.moorage.csi.kubernetes;

import org.jspecify.annotations.NullMarked;
