/** The Docker volume plugin: dockerd's calls on a Unix socket, carried out by the storage core. */
@NullMarked
package dev.moorage.docker;

import org.jspecify.annotations.NullMarked;
