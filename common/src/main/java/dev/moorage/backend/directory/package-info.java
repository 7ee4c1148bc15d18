/** Volumes as sub-directories of any filesystem. */
@NullMarked
package dev.moorage.backend.directory;

import org.jspecify.annotations.NullMarked;
