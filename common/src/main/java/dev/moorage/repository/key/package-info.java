/** The keys of a repository: the ring of its secrets, the slots that hold it wrapped, and everything that is derived from it. */
@NullMarked
package dev.moorage.repository.key;

import org.jspecify.annotations.NullMarked;
