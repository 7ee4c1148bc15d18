/**
 * The CSI driver: the services of the Container Storage Interface 1.12 on a Unix socket, answered by the storage core. One process is
 * node and controller of its own pools.
 */
@NullMarked
package dev.moorage.csi;

import org.jspecify.annotations.NullMarked;
