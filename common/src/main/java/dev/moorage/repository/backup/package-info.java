/** From an image that does not change to packs and maps in the object store: reading, finding what is stored already, sealing, sending. */
@NullMarked
package dev.moorage.repository.backup;

import org.jspecify.annotations.NullMarked;
