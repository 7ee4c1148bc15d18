package dev.moorage.storage;

import dev.moorage.volume.PoolName;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.Volume;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A volume and what is going on with it, for {@code docker volume inspect} and {@code moorage volume inspect}.
 *
 * @param mountPoint where it is staged on this host; empty while it is not
 * @param usedBytes bytes in use inside the filesystem when mounted, else bytes allocated in the pool; -1 when unknown
 * @param allocatedBytes bytes allocated in the pool, those shared with snapshots included; -1 when unknown
 * @param extents pieces of the image at the last look; -1 when never looked
 * @param consumers how many references there are
 * @param uploads the newest upload to each repository
 * @param waiting snapshots that shall be in a repository and are not yet, or whose upload failed
 * @param activity what is under way on it, such as {@code compact 40 %}
 * @param lastError the newest error of an operation on it since start, with its time
 */
public record VolumeStatus(
    Volume volume,
    PoolName poolName,
    Optional<Path> mountPoint,
    long usedBytes,
    long allocatedBytes,
    long extents,
    int consumers,
    List<Snapshot> snapshots,
    List<LastUpload> uploads,
    List<TransferStatus.Upload> waiting,
    Optional<String> activity,
    Optional<String> lastError) {}
