/** Mutual TLS between the router and the nodes, with certificates that may change while connections are open. */
@NullMarked
package dev.moorage.csi.tls;

import org.jspecify.annotations.NullMarked;
