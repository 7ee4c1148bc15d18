/**
 * Deletes packs that no snapshot refers to any more: without locks, beside running backups and restores. The protocol, and why each
 * step is there, is in docs/repository-protocol.md.
 */
@NullMarked
package dev.moorage.repository.gc;

import org.jspecify.annotations.NullMarked;
