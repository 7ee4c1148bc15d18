package dev.moorage.storage;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.pool.PoolLayout;
import dev.moorage.record.AtomicFile;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;

/** The jobs that run or ended a while ago, and their records on disk. Safe for use by several threads. */
final class JobTable {

  private static final System.Logger LOG = System.getLogger(JobTable.class.getName());
  private static final int ENDED_MAX = 100;

  private final ConcurrentMap<String, Entry> entries = new ConcurrentHashMap<>();

  /** A job on its way: what its record says, and what only memory knows. */
  static final class Entry {
    private final PoolLayout layout;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile JobRecord record;
    private volatile double fraction;

    private Entry(PoolLayout layout, JobRecord record) {
      this.layout = layout;
      this.record = record;
      this.fraction = record.state() == Job.State.DONE ? 1 : 0;
      if (record.state() != Job.State.RUNNING) {
        ended.countDown();
      }
    }

    JobRecord record() {
      return record;
    }

    void progress(double done) {
      fraction = Math.clamp(done, 0, 1);
    }

    Job job() {
      return new Job(record.id(), record.kind(), record.subject(), record.state(), fraction, record.startedAt(), record.error());
    }

    CountDownLatch latch() {
      return ended;
    }
  }

  /** Records a new job durably. */
  Entry begin(String action, PoolLayout layout, String kind, String subject, VolumeId volume, Instant now) throws VolumeException {
    JobRecord record =
        new JobRecord(UUID.randomUUID().toString(), kind, subject, volume, Job.State.RUNNING, now, Optional.empty());
    try {
      record.write(layout.jobs());
    } catch (IOException e) {
      throw HostFailure.during(action, e);
    }
    Failpoint.JOB_RECORDED.reach();
    Entry entry = new Entry(layout, record);
    entries.put(record.id(), entry);
    return entry;
  }

  /** Records how it ended; when that cannot be written, a later opening runs it once more, which does no harm. */
  void end(Entry entry, Optional<String> failure) {
    JobRecord record = entry.record.ended(failure);
    try {
      record.write(entry.layout.jobs());
      Failpoint.JOB_ENDED.reach();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "the end of job " + record.id() + " cannot be recorded", e);
    }
    if (failure.isEmpty()) {
      entry.progress(1);
    }
    entry.record = record;
    entry.ended.countDown();
    forgetOldest();
  }

  private void forgetOldest() {
    List<Entry> over = entries.values().stream()
        .filter(entry -> entry.record.state() != Job.State.RUNNING)
        .sorted(Comparator.comparing((Entry entry) -> entry.record.startedAt()).reversed())
        .skip(ENDED_MAX)
        .toList();
    for (Entry entry : over) {
      entries.remove(entry.record.id());
      try {
        AtomicFile.delete(entry.record.file(entry.layout.jobs()));
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "the record of job " + entry.record.id() + " cannot be removed", e);
      }
    }
  }

  /** Reads the jobs of a pool that was opened; returns those that were under way. */
  List<Entry> load(PoolLayout layout) throws VolumeException {
    List<Entry> running = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(layout.jobs(), "*" + JobRecord.SUFFIX)) {
      for (Path file : files) {
        Entry entry = new Entry(layout, JobRecord.read(file));
        entries.put(entry.record.id(), entry);
        if (entry.record.state() == Job.State.RUNNING) {
          running.add(entry);
        }
      }
    } catch (IOException e) {
      throw HostFailure.during("read the jobs of " + layout.directory(), e);
    }
    return running;
  }

  Optional<Entry> running(VolumeId volume) {
    return entries.values().stream()
        .filter(entry -> entry.record.volume().equals(volume) && entry.record.state() == Job.State.RUNNING)
        .findFirst();
  }

  /** Such as {@code compact 40 %}. */
  Optional<String> activity(VolumeId volume) {
    return running(volume).map(entry -> entry.record.kind() + " " + Math.round(entry.fraction * 100) + " %");
  }

  Optional<Entry> find(String id) {
    return Optional.ofNullable(entries.get(id));
  }

  /** Newest first. */
  List<Job> list() {
    return entries.values().stream().map(Entry::job).sorted(Comparator.comparing(Job::startedAt).reversed()).toList();
  }
}
