/** A pool: its directory, its lock, its record, the automatic pool file beneath it, and how much it can promise. */
@NullMarked
package dev.moorage.pool;

import org.jspecify.annotations.NullMarked;
