package dev.moorage.storage;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.repository.Repository;
import dev.moorage.repository.Settling;
import dev.moorage.repository.Upload;
import dev.moorage.repository.history.Seat;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.Unavailable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An upload that somebody may cancel. Its steps then: the record says so; what moves bytes is interrupted; the seats of its sessions are
 * closed, after which no commit of them can arrive; the record says that it ended. Closing a seat also tells whether a commit was
 * faster: then the upload is done, and nothing is cancelled. Whatever step the process died after, the next start goes on there.
 *
 * <p>A repository that does not answer keeps nobody from cancelling. The sessions are then settled by the next upload of the volume, as after a
 * crash, for this pool remembers them; if none comes, a collection fences them after a week.
 */
record StoppableUpload(Core core, OpenPool pool, JobTable.Entry entry, UploadOrder order) {

  private static final Duration SETTLES_WITHIN = Duration.ofSeconds(5);
  private static final String BACKGROUND = "moorage";

  /** What became of the sessions. */
  private sealed interface Settled {
    /** A commit was faster. */
    record Committed() implements Settled {}

    record Closed() implements Settled {}

    record Unknown(String why) implements Settled {}
  }

  /** One run: what was done, in a few words; empty when it was cancelled. */
  Optional<String> run() throws VolumeException {
    UploadTask task = new UploadTask(core, pool, entry, order);
    if (entry.activateInterruptibly()) {
      try {
        return Optional.of(task.run());
      } catch (VolumeException e) {
        if (!entry.isCancelled() || core.transfers().isStopping()) {
          throw e;
        }
      } finally {
        entry.deactivate();
      }
    }
    return cancel() ? Optional.empty() : Optional.of(task.run());
  }

  /**
   * Ends it when nobody else does or did.
   *
   * @return false when it turned out to be committed: then it has to run on, and finds that
   */
  boolean cancel() throws VolumeException {
    if (!entry.claim()) {
      return true;
    }
    try {
      return switch (settle()) {
        case Settled.Committed _ -> {
          entry.tooLate();
          yield false;
        }
        case Settled.Closed _ -> end("what it stored is used by the next upload of the volume, or collected");
        case Settled.Unknown(var why) -> end("its session in repository " + order.repository() + " is still open, because " + why
            + "; the next upload of the volume closes it, or a collection in a week. If its commit was under way, the snapshot may be there");
      };
    } finally {
      entry.deactivate();
    }
  }

  private boolean end(String how) {
    Failpoint.UPLOAD_CANCEL_SETTLED.reach();
    core.jobs().cancelled(entry, how);
    core.journal().ended(BACKGROUND, Operation.on(entry.record().volume(), "finish-" + Uploads.KIND, entry.record().subject()),
        Outcome.CANCELLED, 0, how);
    return true;
  }

  private Settled settle() throws VolumeException {
    if (pool.bases().of(entry.record().volume()).stream().noneMatch(record -> mayBeCommitted(record) || !attempts(record).isEmpty())) {
      // It never came to upload anything.
      return new Settled.Closed();
    }
    ExecutorService thread = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("moorage-settle").factory());
    try {
      return thread.submit(this::settleSessions).get(SETTLES_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return new Settled.Unknown("it did not answer within " + SETTLES_WITHIN.toSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable(action(), "the service is shutting down", "It is cancelled at the next start", e);
    } catch (ExecutionException e) {
      return switch (e.getCause()) {
        case VolumeException failure -> new Settled.Unknown(failure.reason());
        case IOException failure -> new Settled.Unknown(failure.getMessage() == null ? failure.toString() : failure.getMessage());
        case null, default -> throw new IllegalStateException("an upload could not be cancelled", e.getCause());
      };
    } finally {
      thread.shutdownNow();
    }
  }

  private String action() {
    return "cancel the upload of " + entry.record().subject();
  }

  private Settled settleSessions() throws VolumeException, IOException {
    Repository repository = core.repositories().open(order.repository());
    WriterRecord record = pool.bases().of(new WriterRecord.Key(entry.record().volume(), repository.header().id()));
    if (mayBeCommitted(record) && !repository.history().isForgotten(new Seat(entry.record().volume(), record.last().orElseThrow().seq()))) {
      return new Settled.Committed();
    }
    for (Upload.Attempt attempt : attempts(record)) {
      if (Settling.settle(repository, attempt) instanceof SnapshotEntry found && found.snapshot().equals(order.snapshot())
          && !repository.history().isForgotten(found.seat())) {
        return new Settled.Committed();
      }
    }
    return new Settled.Closed();
  }

  /** By the word of this disk; it may have been forgotten since. */
  private boolean mayBeCommitted(WriterRecord record) {
    return record.last().filter(last -> last.snapshot().equals(order.snapshot())).isPresent();
  }

  /** The sessions for this snapshot that are not known to be over. */
  private List<Upload.Attempt> attempts(WriterRecord record) {
    return record.attempts().stream().filter(attempt -> attempt.snapshot().equals(order.snapshot())).toList();
  }
}
