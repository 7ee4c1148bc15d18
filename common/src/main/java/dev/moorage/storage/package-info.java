/** The façade that every front end calls: locks, idempotency, publications and background work. */
@NullMarked
package dev.moorage.storage;

import org.jspecify.annotations.NullMarked;
