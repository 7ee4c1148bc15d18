/** The encrypted, deduplicated store of remote snapshots: what its parts have in common. The format is in docs/repository-format.md. */
@NullMarked
package dev.moorage.repository;

import org.jspecify.annotations.NullMarked;
