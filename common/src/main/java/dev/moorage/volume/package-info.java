/** The words of the project as values: names, ids, sizes, volumes, snapshots, and what can go wrong. */
@NullMarked
package dev.moorage.volume;

import org.jspecify.annotations.NullMarked;
