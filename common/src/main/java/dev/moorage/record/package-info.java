/** How records live on disk: JSON, versioned, replaced atomically and durably. */
@NullMarked
package dev.moorage.record;

import org.jspecify.annotations.NullMarked;
