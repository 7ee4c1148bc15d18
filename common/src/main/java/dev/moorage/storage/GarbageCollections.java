package dev.moorage.storage;

import dev.moorage.repository.gc.CollectionProgress;
import dev.moorage.repository.gc.CollectionReport;
import dev.moorage.repository.gc.CollectionSettings;
import dev.moorage.volume.RepositoryName;
import dev.moorage.volume.VolumeException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The collections that this host runs, each on a thread of its own, one at a time for each repository. Ending the service ends them;
 * the next one goes on where they were. Safe for use by several threads.
 */
final class GarbageCollections {

  private static final Duration STOP = Duration.ofSeconds(30);

  private final Repositories repositories;
  private final Journal journal;
  private final Clock clock;
  private final Map<RepositoryName, Running> runs = new ConcurrentHashMap<>();

  GarbageCollections(Repositories repositories, Journal journal, Clock clock) {
    this.repositories = repositories;
    this.journal = journal;
    this.clock = clock;
  }

  /** One of them; its thread writes, everybody reads. */
  private static final class Running {
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Instant startedAt;
    private final Thread thread;
    private volatile RepositoryRun run;

    Running(RepositoryName name, Instant startedAt, Consumer<Running> body) {
      this.startedAt = startedAt;
      this.run = new RepositoryRun(name, Job.State.RUNNING, "listing", 0, 0, startedAt, Optional.empty(), Optional.empty());
      this.thread = Thread.ofPlatform().name("moorage-gc-" + name).daemon().unstarted(() -> body.accept(this));
    }

    void at(CollectionProgress.Stage stage, long done, long total) {
      run = new RepositoryRun(run.repository(), Job.State.RUNNING, stage.name().toLowerCase(Locale.ROOT), done, total, startedAt,
          Optional.empty(), Optional.empty());
    }

    void end(Optional<CollectionReport> report, Optional<String> error) {
      run = new RepositoryRun(run.repository(), error.isEmpty() ? Job.State.DONE : Job.State.FAILED, run.stage(), run.done(), run.total(),
          startedAt, report, error);
      ended.countDown();
    }
  }

  /** Begins one; when one is under way, that one. */
  RepositoryRun begin(Caller caller, RepositoryName name) throws VolumeException {
    Operation operation = Operation.of("collect garbage of", "repository " + name);
    // Whatever keeps it from being opened is told at once.
    repositories.open(name);
    Running mine = new Running(name, clock.instant(), running -> run(caller, operation, running));
    Running running = runs.compute(name, (_, before) ->
        before != null && before.run.state() == Job.State.RUNNING ? before : mine);
    if (running == mine) {
      mine.thread.start();
    }
    return running.run;
  }

  private void run(Caller caller, Operation operation, Running running) {
    long began = System.nanoTime();
    RepositoryName name = running.run.repository();
    Optional<String> error = Optional.of("it ended unexpectedly; the log says why");
    Optional<CollectionReport> report = Optional.empty();
    try {
      report = Optional.of(repositories.use(operation.action(), name,
          repository -> repository.collect(CollectionSettings.of(HostName.ofMachine()), running::at)));
      error = Optional.empty();
      journal.ended(caller.door(), operation, Outcome.OK, System.nanoTime() - began, "");
    } catch (VolumeException e) {
      error = Optional.of(String.valueOf(e.getMessage()));
      journal.failed(caller.door(), operation, e, System.nanoTime() - began);
    } finally {
      running.end(report, error);
    }
  }

  /** The one under way or the last one; waits at most so long for its end. */
  Optional<RepositoryRun> await(RepositoryName name, Duration atMost) throws InterruptedException {
    Running running = runs.get(name);
    if (running == null) {
      return Optional.empty();
    }
    boolean ended = running.ended.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    assert !ended || running.run.state() != Job.State.RUNNING : "one that ended does not run";
    return Optional.of(running.run);
  }

  /** Ends those under way. */
  void close() {
    runs.values().forEach(running -> running.thread.interrupt());
    for (Running running : runs.values()) {
      try {
        running.thread.join(STOP);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
