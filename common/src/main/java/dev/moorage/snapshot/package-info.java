/** What a snapshot holds and what changed since another, found in the extent maps of their images. */
@NullMarked
package dev.moorage.snapshot;

import org.jspecify.annotations.NullMarked;
