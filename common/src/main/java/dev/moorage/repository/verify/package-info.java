/** Finds out what of a repository is as it was written: what is damaged is named, and which snapshots it concerns. */
@NullMarked
package dev.moorage.repository.verify;

import org.jspecify.annotations.NullMarked;
