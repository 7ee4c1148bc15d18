package dev.moorage.volume;

import java.time.Instant;
import java.util.UUID;

/**
 * Where a snapshot is stored beside its pool.
 *
 * @param repository what the repository was called on this host when the copy was made
 * @param repositoryId the repository's id, for ever
 * @param seq the number of the snapshot's seat in the history of its volume there
 * @param committedAt when it could be restored from there, by the clock of this host
 */
public record RemoteCopy(String repository, UUID repositoryId, long seq, Instant committedAt) {}
