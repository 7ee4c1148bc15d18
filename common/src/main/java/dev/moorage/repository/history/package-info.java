/**
 * What a repository remembers of each volume, and who is at work in it: the histories, their entries, the sessions of writers and
 * readers, and the tombstones of packs that are about to be deleted. The protocol is in docs/repository-protocol.md.
 */
@NullMarked
package dev.moorage.repository.history;

import org.jspecify.annotations.NullMarked;
