package dev.moorage.repository.history;

import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.VolumeId;

/**
 * Who wants to commit which snapshot.
 *
 * @param host the host of the pool that writes, for people
 * @param snapshot the local snapshot that will be uploaded; a session is for one snapshot
 * @param known the number of the newest seat that this pool itself took by a snapshot or a takeover, as it keeps it on its own
 *     disk; 0 when it took none. It is how a pool finds that a copy of itself writes too
 */
public record WriterRequest(VolumeId volume, String host, SnapshotId snapshot, long known) {}
