/** Tests of collections against the model of an object store. */
@NullMarked
package dev.moorage.repository.gc;

import org.jspecify.annotations.NullMarked;
