package dev.moorage.storage;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.record.Directories;
import dev.moorage.repository.Repository;
import dev.moorage.repository.history.Seat;
import dev.moorage.repository.restore.Restore;
import dev.moorage.volume.ContentSource;
import dev.moorage.volume.ContentSource.FromRepository;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.NotFound;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One run of a restore, from wherever the run before it got. Holds no lock while it transfers: nobody else can use the volume. */
record RestoreTask(Core core, OpenPool pool, JobTable.Entry entry) {

  private static final String JOURNAL = "journal.json";
  private static final int IN_FLIGHT = 16;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private String action() {
    return "restore " + entry.record().subject();
  }

  /** What was done, in a few words. */
  String run() throws VolumeException {
    if (!entry.activate()) {
      throw gone(null);
    }
    try {
      return restore();
    } finally {
      entry.deactivate();
    }
  }

  private String restore() throws VolumeException {
    Volume volume = living();
    if (!(volume.source() instanceof FromRepository source) || !volume.awaitsRestore()) {
      return "had been restored";
    }
    Repository repository = core.repositories().open(source.place().repository());
    if (!repository.header().id().value().equals(source.place().repositoryId())) {
      throw new InvalidArgument(action(), "repository " + source.place().repository() + " is another one than that it was found in, "
          + source.place().repositoryId(), "Give that one its name back");
    }
    try {
      Directories.create(entry.workspace());
      transfer(repository, volume, source);
    } catch (IOException e) {
      throw core.repositories().failed(action(), source.place().repository(), repository, e);
    } catch (CancellationException e) {
      throw gone(e);
    }
    Failpoint.RESTORE_WRITTEN.reach();
    arrived(source);
    Failpoint.RESTORE_MARKED.reach();
    return "from " + source.label() + " of repository " + source.place().repository();
  }

  private Volume living() throws VolumeException {
    if (entry.isCancelled()) {
      throw gone(null);
    }
    return pool.catalog().volume(entry.record().volume()).orElseThrow(() -> gone(null));
  }

  private VolumeException gone(@Nullable Throwable cause) {
    return new NotFound(action(), "the volume was removed", "moorage volume undo brings it back, and goes on with this", cause);
  }

  private void transfer(Repository repository, Volume volume, FromRepository source) throws IOException, VolumeException {
    Path target = pool.backend(volume).raw(pool.catalog().home(volume));
    AtomicLong before = new AtomicLong(-1);
    AtomicLong done = new AtomicLong();
    try (TransferCounts.Run _ = core.counts().restore(source.place().repository(),
        () -> Math.max(0, done.get() - Math.max(0, before.get())))) {
      repository.restore(new Seat(source.place().volume(), source.place().seq()), target, entry.workspace().resolve(JOURNAL), core.host(),
          new Restore.Settings(IN_FLIGHT, false, bytes -> {
            // The first word is of what an earlier attempt did.
            boolean first = before.compareAndSet(-1, bytes);
            done.set(bytes);
            if (first) {
              entry.measure(Meter.begin(done::get, volume.spec().size().bytes()));
            }
            if (entry.isCancelled() || core.transfers().isStopping()) {
              throw new CancellationException("nobody wants it any more");
            }
          }));
    }
  }

  /** From here on it can be used. */
  private void arrived(FromRepository source) throws VolumeException {
    try (KeyedLock.Hold _ = core.work().locks().acquire(action(), PATIENCE, List.of(LockKey.of(entry.record().volume())))) {
      Volume volume = living();
      ContentSource whole = new FromRepository(source.snapshot(), source.label(), source.place(), Optional.of(core.clock().instant()),
          source.asked());
      Volume changed = pool.catalog().update(volume.withSource(whole));
      assert !changed.awaitsRestore() : "it has arrived";
    }
  }
}
