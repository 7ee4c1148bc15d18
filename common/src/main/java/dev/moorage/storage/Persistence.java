package dev.moorage.storage;

import dev.moorage.volume.VolumeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Carries a transfer through what passes by itself: a store that does not answer, a disk that is full. It is tried again at growing
 * intervals, for as long as it takes; what does not pass ends the job. For one job.
 */
final class Persistence implements TransferRunner.Transfer {

  private static final System.Logger LOG = System.getLogger(Persistence.class.getName());
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(5);
  /** The door in the audit line of a job's end: nobody waits for it. */
  private static final String BACKGROUND = "moorage";

  private final Core core;
  private final JobTable.Entry entry;
  private final Task<Optional<String>> task;
  private final long began = System.nanoTime();
  private Duration pause = SHORTEST;

  /**
   * {@code task} says in a few words what it did; it is called until it succeeds, and finds what was done before. It says nothing when the
   * job was cancelled, and somebody has ended it or does.
   */
  Persistence(Core core, JobTable.Entry entry, Task<Optional<String>> task) {
    this.core = core;
    this.entry = entry;
    this.task = task;
  }

  private Operation operation() {
    return Operation.on(entry.record().volume(), "finish-" + entry.record().kind(), entry.record().subject());
  }

  @Override
  public TransferRunner.Next run() {
    if (!entry.isRunning()) {
      // Cancelled while it waited.
      return new TransferRunner.Next.Ended();
    }
    try {
      Optional<String> detail = task.run();
      if (detail.isPresent()) {
        core.jobs().end(entry, Optional.empty());
        core.journal().ended(BACKGROUND, operation(), Outcome.OK, System.nanoTime() - began, detail.get());
      }
      return new TransferRunner.Next.Ended();
    } catch (VolumeException e) {
      if (core.transfers().isStopping()) {
        return new TransferRunner.Next.Ended();
      }
      if (entry.record().isCancelled()) {
        // While it failed: its next run ends it, when nobody else does.
        return new TransferRunner.Next.Again(SHORTEST);
      }
      return entry.isCancelled() || !passes(e) ? failed(e) : later(e);
    } catch (RuntimeException | Error e) {
      // A mistake of ours must not leave a job that runs for ever: who waits for it hears of it, and may ask again.
      core.jobs().end(entry, Optional.of("internal error: " + e));
      throw e;
    }
  }

  /** Whether the same work may succeed later without anybody changing the request. */
  private static boolean passes(VolumeException e) {
    return switch (e) {
      case VolumeException.Unavailable _, VolumeException.NoSpace _, VolumeException.Busy _ -> true;
      case VolumeException.NotFound _, VolumeException.AlreadyExists _, VolumeException.InUse _, VolumeException.InvalidArgument _,
          VolumeException.OutOfRange _, VolumeException.Denied _, VolumeException.Unsupported _, VolumeException.Corrupt _ -> false;
    };
  }

  private TransferRunner.Next failed(VolumeException e) {
    core.counts().trouble(entry.record(), e, core.clock().instant());
    core.jobs().end(entry, Optional.of(e.getMessage() == null ? e.reason() : e.getMessage()));
    core.journal().failed(BACKGROUND, operation(), e, System.nanoTime() - began);
    return new TransferRunner.Next.Ended();
  }

  private TransferRunner.Next later(VolumeException e) {
    core.counts().trouble(entry.record(), e, core.clock().instant());
    Instant next = core.clock().instant().plus(pause).truncatedTo(ChronoUnit.SECONDS);
    entry.waitsFor(e.reason() + "; the next attempt is at " + next);
    LOG.log(System.Logger.Level.INFO, entry.record().kind() + " of " + entry.record().subject() + " waits: " + e.reason());
    LOG.log(System.Logger.Level.DEBUG, "it waits because of", e);
    TransferRunner.Next again = new TransferRunner.Next.Again(pause);
    Duration longer = pause.multipliedBy(2);
    pause = longer.compareTo(LONGEST) > 0 ? LONGEST : longer;
    return again;
  }
}
