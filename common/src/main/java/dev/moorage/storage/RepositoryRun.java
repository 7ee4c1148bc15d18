package dev.moorage.storage;

import dev.moorage.repository.gc.CollectionReport;
import dev.moorage.volume.RepositoryName;
import java.time.Instant;
import java.util.Optional;

/**
 * A collection that runs on this host, or the last one that did since the service started. It is not kept: whoever begins it again goes on.
 *
 * @param stage what it does now: {@code listing}, {@code marking} or {@code deleting}
 * @param total of the stage; 0 when it is not known
 * @param report what it did, once it is done
 */
public record RepositoryRun(
    RepositoryName repository,
    Job.State state,
    String stage,
    long done,
    long total,
    Instant startedAt,
    Optional<CollectionReport> report,
    Optional<String> error) {}
