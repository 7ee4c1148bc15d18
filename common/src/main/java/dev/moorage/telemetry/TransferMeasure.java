package dev.moorage.telemetry;

/**
 * What moves between this host and one repository. Bytes are counted since the process began.
 *
 * @param readBytes of snapshots, read for uploads
 * @param sentBytes of new blocks, sealed and stored
 * @param restoredBytes of volumes, holes included
 * @param uploadBytesPerSecond of what is stored just now
 * @param restoreBytesPerSecond of what is restored just now
 * @param waiting snapshots that are being uploaded or shall be
 * @param failed snapshots whose upload was given up
 * @param lagSeconds the age of the oldest of those that are waiting; 0 when there are none
 * @param lastSuccessSeconds when an upload was last committed, since the epoch; -1 when none is known
 * @param lastErrorSeconds when one last failed or had to wait, since the epoch; -1 when none did since the process began
 */
public record TransferMeasure(
    String repository,
    long readBytes,
    long sentBytes,
    long restoredBytes,
    long uploadBytesPerSecond,
    long restoreBytesPerSecond,
    int waiting,
    int failed,
    double lagSeconds,
    double lastSuccessSeconds,
    double lastErrorSeconds) {}
