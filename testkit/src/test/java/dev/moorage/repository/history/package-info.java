/** Tests of histories, sessions and tombstones against the model of an object store. */
@NullMarked
package dev.moorage.repository.history;

import org.jspecify.annotations.NullMarked;
