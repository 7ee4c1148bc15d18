package dev.moorage.storage;

import dev.moorage.volume.SnapshotId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What moves between this host and one repository, and how far behind that is.
 *
 * @param readBytes of snapshots, read for uploads since the service began
 * @param sentBytes stored since then
 * @param restoredBytes of volumes, holes included, since then
 * @param uploadBytesPerSecond now
 * @param restoreBytesPerSecond now
 * @param uploads those that are under way, wait or failed, the oldest snapshot first
 * @param oldestWaiting when the oldest snapshot was cut that shall be uploaded and is not
 * @param lastSuccess when an upload was last committed, as far as this host knows
 * @param lastError why an upload last failed or had to wait since the service began, with its time
 */
public record TransferStatus(
    String repository,
    long readBytes,
    long sentBytes,
    long restoredBytes,
    long uploadBytesPerSecond,
    long restoreBytesPerSecond,
    List<Upload> uploads,
    Optional<Instant> oldestWaiting,
    Optional<Instant> lastSuccess,
    Optional<String> lastError) {

  /** A snapshot that shall be in a repository and is not, and how that stands. {@code label} is such as {@code db@before}. */
  public record Upload(SnapshotId snapshot, String repository, String label, Instant cutAt, Job job) {}
}
