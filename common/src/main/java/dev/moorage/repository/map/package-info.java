/** The map of a snapshot: a root over leaves, each of which says where the blocks of one stretch of the volume are. */
@NullMarked
package dev.moorage.repository.map;

import org.jspecify.annotations.NullMarked;
