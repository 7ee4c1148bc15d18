/** Packs: objects that hold many encrypted blobs, written once, readable blob by blob. */
@NullMarked
package dev.moorage.repository.pack;

import org.jspecify.annotations.NullMarked;
