/** Tests of mutual TLS. */
@NullMarked
package dev.moorage.csi.tls;

import org.jspecify.annotations.NullMarked;
