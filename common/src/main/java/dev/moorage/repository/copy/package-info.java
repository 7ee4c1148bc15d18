/** What a copy of a snapshot reads of the repository that it comes from. */
@NullMarked
package dev.moorage.repository.copy;

import org.jspecify.annotations.NullMarked;
