/** From packs and maps in the object store to an image: planned by pack, many reads at once, written as they come. */
@NullMarked
package dev.moorage.repository.restore;

import org.jspecify.annotations.NullMarked;
