package dev.moorage.repository.restore;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.record.Fields;
import dev.moorage.record.JsonRecord;
import dev.moorage.record.MalformedRecordException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How far a restore got: all leaves before a position are written and durable. A record on disk, made after five seconds and replaced every
 * half minute; one that is of another snapshot, or that cannot be read, is as good as none, because restoring again does no harm. For one
 * thread.
 */
public final class RestoreJournal {

  private static final int FORMAT = 1;
  private static final Duration INTERVAL = Duration.ofSeconds(30);
  /** What an attempt got that is killed early shall not be fetched twice either; a restore that is over by then needs none. */
  private static final Duration FIRST = Duration.ofSeconds(5);

  private final Path file;
  private final String snapshot;
  private int leavesDone;
  private long dueAt = System.nanoTime() + FIRST.toNanos();

  private RestoreJournal(Path file, String snapshot, int leavesDone) {
    this.file = file;
    this.snapshot = snapshot;
    this.leavesDone = leavesDone;
  }

  /** The journal of restoring that snapshot, new or as an earlier attempt left it. */
  public static RestoreJournal open(Path file, String snapshot) throws IOException {
    if (!Files.exists(file)) {
      return new RestoreJournal(file, snapshot, 0);
    }
    try {
      JsonRecord record = JsonRecord.read(file, FORMAT);
      boolean same = record.text("snapshot").equals(snapshot);
      return new RestoreJournal(file, snapshot, same ? Math.toIntExact(record.number("leavesDone")) : 0);
    } catch (MalformedRecordException | ArithmeticException e) {
      return new RestoreJournal(file, snapshot, 0);
    }
  }

  int leavesDone() {
    return leavesDone;
  }

  /** Whether it is time to make durable what was written. */
  boolean isDue() {
    return System.nanoTime() - dueAt > 0;
  }

  void record(int leaves) throws IOException {
    Fields.ofFormat(FORMAT).text("snapshot", snapshot).number("leavesDone", leaves).writeTo(file);
    Failpoint.RESTORE_JOURNALLED.reach();
    leavesDone = leaves;
    dueAt = System.nanoTime() + INTERVAL.toNanos();
  }
}
