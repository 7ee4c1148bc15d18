/** Volumes as raw image files on XFS with reflink, attached through loop devices. */
@NullMarked
package dev.moorage.backend.image;

import org.jspecify.annotations.NullMarked;
