package dev.moorage.storage;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.pool.PoolLayout;
import dev.moorage.record.AtomicFile;
import dev.moorage.record.Directories;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The jobs that run or ended a while ago, and their records on disk. Safe for use by several threads. */
final class JobTable {

  private static final System.Logger LOG = System.getLogger(JobTable.class.getName());
  private static final int ENDED_MAX = 100;
  private static final String REMARK = "remark";

  private final ConcurrentMap<String, Entry> entries = new ConcurrentHashMap<>();

  /** A job on its way: what its record says, and what only memory knows. */
  static final class Entry {
    private final PoolLayout layout;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile JobRecord record;
    private volatile double fraction;
    private volatile @Nullable Meter meter;
    private volatile @Nullable String waitsFor;
    private volatile boolean cancelled;
    private boolean active;
    private @Nullable Thread interrupted;

    private Entry(PoolLayout layout, JobRecord record) {
      this.layout = layout;
      this.record = record;
      this.cancelled = record.isCancelled();
      this.fraction = record.state() == Job.State.DONE ? 1 : 0;
      if (record.state() != Job.State.RUNNING) {
        ended.countDown();
      }
    }

    JobRecord record() {
      return record;
    }

    boolean isRunning() {
      return record.state() == Job.State.RUNNING;
    }

    /** Where the job keeps files of its own until it has ended. */
    Path workspace() {
      return layout.jobs().resolve(record.id());
    }

    void progress(double done) {
      fraction = Math.clamp(done, 0, 1);
    }

    /** It moves bytes now, as the meter shows. */
    void measure(Meter with) {
      meter = with;
      waitsFor = null;
    }

    /** It does nothing until what it waits for is back. */
    void waitsFor(String what) {
      meter = null;
      waitsFor = what;
    }

    /** What is to be told of it when it has ended. */
    void remark(String text) {
      record = record.with(REMARK, text);
    }

    /** Asks it to end at the next opportunity; false when it does nothing just now, and will not again. */
    synchronized boolean cancel() {
      cancelled = true;
      if (interrupted != null) {
        interrupted.interrupt();
      }
      return active;
    }

    boolean isCancelled() {
      return cancelled;
    }

    /** Called by a job that can be cancelled, before it does something; false when it may not. */
    synchronized boolean activate() {
      if (cancelled) {
        return false;
      }
      active = true;
      return true;
    }

    /** The same; until it is deactivated, this thread is interrupted when the job is cancelled. */
    synchronized boolean activateInterruptibly() {
      boolean may = activate();
      interrupted = may ? Thread.currentThread() : null;
      return may;
    }

    /** Called by the thread that made it active. */
    synchronized void deactivate() {
      active = false;
      if (interrupted != null && cancelled) {
        // It was the job that should be interrupted, not what this thread does next.
        LOG.log(System.Logger.Level.DEBUG, "job " + record.id() + " was interrupted: " + Thread.interrupted());
      }
      interrupted = null;
    }

    /** Called by whoever would end a cancelled job: false when somebody else does, or did. It is deactivated when that is done. */
    synchronized boolean claim() {
      if (active || !isRunning()) {
        return false;
      }
      active = true;
      return true;
    }

    /** What was cancelled turned out to be done already: it runs on to its end. */
    synchronized void tooLate() {
      cancelled = false;
    }

    Job job() {
      Meter now = meter;
      boolean waits = isRunning() && waitsFor != null;
      Optional<String> note = Optional.ofNullable(isRunning() ? waitsFor : record.parameters().get(REMARK));
      Job.State state = waits ? Job.State.WAITING : record.state();
      return new Job(record.id(), record.kind(), record.subject(), state, now == null || !isRunning() ? fraction : now.fraction(),
          record.startedAt(), note, isRunning() ? Optional.ofNullable(now).map(Meter::progress) : Optional.empty(), record.error());
    }

    CountDownLatch latch() {
      return ended;
    }
  }

  /** Records a new job durably. */
  Entry begin(String action, PoolLayout layout, JobRecord record) throws VolumeException {
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

  /** Lets a job that failed run once more, with what it kept in its workspace. */
  Entry again(String action, Entry failed) throws VolumeException {
    return begin(action, failed.layout, failed.record.again());
  }

  /** Records how it ended; when that cannot be written, a later opening runs it once more, which does no harm. */
  void end(Entry entry, Optional<String> failure) {
    end(entry, failure.isEmpty() ? Job.State.DONE : Job.State.FAILED, failure);
  }

  /** Records that it was cancelled; {@code how} tells people what is left of it. */
  void cancelled(Entry entry, String how) {
    entry.remark(how);
    end(entry, Job.State.CANCELLED, Optional.empty());
  }

  private void end(Entry entry, Job.State state, Optional<String> failure) {
    // Together, so that nobody who cancels it meanwhile writes over its end.
    synchronized (entry) {
      JobRecord record = entry.record.ended(state, failure);
      try {
        record.write(entry.layout.jobs());
        Failpoint.JOB_ENDED.reach();
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "the end of job " + record.id() + " cannot be recorded", e);
      }
      if (state == Job.State.DONE) {
        entry.progress(1);
      }
      entry.record = record;
    }
    if (state != Job.State.FAILED) {
      // Before anybody hears of the end: who then closes the storage interrupts what is still being done.
      removeWorkspace(entry.workspace());
    }
    entry.ended.countDown();
    forgetOldest();
  }

  /** Makes it durable that a job is not wanted any more; false when it has ended. */
  boolean cancel(String action, Entry entry) throws VolumeException {
    synchronized (entry) {
      if (!entry.isRunning()) {
        return false;
      }
      JobRecord record = entry.record.cancelled();
      try {
        record.write(entry.layout.jobs());
      } catch (IOException e) {
        throw HostFailure.during(action, e);
      }
      entry.record = record;
    }
    Failpoint.UPLOAD_CANCEL_RECORDED.reach();
    return true;
  }

  /** What is left of it is removed at the next opening. */
  private static void removeWorkspace(Path workspace) {
    try {
      Directories.deleteTree(workspace);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, workspace + " cannot be removed", e);
    }
  }

  /** The jobs of one kind in a pool that failed and can be run again. */
  List<Entry> failed(PoolLayout layout, String kind) {
    return entries.values().stream()
        .filter(entry -> entry.layout.equals(layout) && entry.record.kind().equals(kind) && entry.record.state() == Job.State.FAILED)
        .toList();
  }

  /** Removes what a job that failed kept for being run again; that it failed, and why, stays known. */
  void empty(Entry failed) {
    if (Files.exists(failed.workspace())) {
      removeWorkspace(failed.workspace());
    }
  }

  /** Removes a job that ended from memory and disk. */
  void forget(Entry entry) {
    entries.remove(entry.record.id());
    try {
      AtomicFile.delete(entry.record.file(entry.layout.jobs()));
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "the record of job " + entry.record.id() + " cannot be removed", e);
    }
    removeWorkspace(entry.workspace());
  }

  private void forgetOldest() {
    List<Entry> over = entries.values().stream()
        .filter(entry -> entry.record.state() != Job.State.RUNNING)
        .sorted(Comparator.comparing((Entry entry) -> entry.record.startedAt()).reversed())
        .skip(ENDED_MAX)
        .toList();
    over.forEach(this::forget);
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
      removeStrayWorkspaces(layout);
    } catch (IOException e) {
      throw HostFailure.during("read the jobs of " + layout.directory(), e);
    }
    return running;
  }

  /** Of jobs that were never recorded, or whose end was. */
  private void removeStrayWorkspaces(PoolLayout layout) throws IOException {
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(layout.jobs(), Files::isDirectory)) {
      for (Path directory : directories) {
        Optional<Entry> entry = find(directory.getFileName().toString());
        if (entry.isEmpty() || (entry.get().record.state().isEnd() && entry.get().record.state() != Job.State.FAILED)) {
          removeWorkspace(directory);
        }
      }
    }
  }

  /** Whether the job is one of that pool's. */
  boolean isOf(Entry entry, PoolLayout layout) {
    return entry.layout.equals(layout);
  }

  Optional<Entry> running(VolumeId volume, String kind) {
    return of(volume, kind).filter(Entry::isRunning).findFirst();
  }

  /** In no order. */
  Stream<Entry> all() {
    return entries.values().stream();
  }

  /** The jobs of one kind for a volume, ended or not, newest first. */
  Stream<Entry> of(VolumeId volume, String kind) {
    return entries.values().stream()
        .filter(entry -> entry.record.volume().equals(volume) && entry.record.kind().equals(kind))
        .sorted(Comparator.comparing((Entry entry) -> entry.record.startedAt()).reversed());
  }

  /** Such as {@code compact 40 %}. */
  Optional<String> activity(VolumeId volume) {
    return entries.values().stream()
        .filter(entry -> entry.record.volume().equals(volume) && entry.isRunning())
        .min(Comparator.comparing(entry -> entry.record.startedAt()))
        .map(entry -> Activity.of(entry.job()));
  }

  Optional<Entry> find(String id) {
    return Optional.ofNullable(entries.get(id));
  }

  /** Newest first. */
  List<Job> list() {
    return entries.values().stream().map(Entry::job).sorted(Comparator.comparing(Job::startedAt).reversed()).toList();
  }
}
