package dev.moorage.storage;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.linux.FileOps;
import dev.moorage.linux.Mounts;
import dev.moorage.record.AtomicFile;
import dev.moorage.record.Directories;
import dev.moorage.storage.PrivateCopy.Purpose;
import dev.moorage.storage.TransferRunner.Next;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.AlreadyExists;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.NotFound;
import dev.moorage.volume.VolumeException.Unavailable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One job that takes files out of a snapshot. Its steps: the private copy is whole; it is mounted; the hidden name beside the target is
 * noted; the files are copied there and durable; one rename; the copy is unmounted and deleted. Whatever step the process died after,
 * {@link #run} begins again and finds what was done. For one thread at a time.
 */
final class FileCopy implements TransferRunner.Transfer {

  static final String PATH = "path";
  static final String TARGET = "target";

  private static final System.Logger LOG = System.getLogger(FileCopy.class.getName());
  private static final String BACKGROUND = "moorage";
  private static final String NOTE = "draft";
  private static final Duration LOOKS_AGAIN = Duration.ofMillis(200);

  private final Core core;
  private final OpenPool pool;
  private final JobTable.Entry entry;
  private final long began = System.nanoTime();

  FileCopy(Core core, OpenPool pool, JobTable.Entry entry) {
    this.core = core;
    this.pool = pool;
    this.entry = entry;
  }

  private Operation operation() {
    return Operation.of("finish-" + FileCopies.KIND, entry.record().subject());
  }

  private String action() {
    return FileCopies.KIND + " " + entry.record().subject();
  }

  private String parameter(String key) {
    return Objects.requireNonNull(entry.record().parameters().get(key), key);
  }

  private Path target() {
    return Path.of(parameter(TARGET));
  }

  /** Beside the target, so that one rename brings it there. */
  private Path draft() {
    return target().resolveSibling("." + target().getFileName() + ".copying-" + entry.record().id());
  }

  private Path note() {
    return entry.workspace().resolve(NOTE);
  }

  /** Ends it, now or at the next opportunity, and deletes what it made; a copy that has its name already is whole, and stays. */
  void cancel() {
    if (entry.isRunning() && !entry.cancel()) {
      // It does nothing just now, and will not begin again.
      fail(cancelled());
    }
  }

  private VolumeException cancelled() {
    return new InvalidArgument(action(), "it was cancelled", "Copy it again if it is wanted after all");
  }

  @Override
  public Next run() {
    if (!entry.activate()) {
      return new Next.Ended();
    }
    try {
      return step();
    } finally {
      entry.deactivate();
    }
  }

  private Next step() {
    try {
      demandWanted();
      Optional<PrivateCopy> source = PrivateCopy.find(core.pools(), Purpose.FILES.name(entry.record().id()));
      if (source.isPresent() && source.get().volume().awaitsRestore()) {
        return await(source.get());
      }
      String done = finish(source);
      core.jobs().end(entry, Optional.empty());
      core.journal().ended(BACKGROUND, operation(), Outcome.OK, System.nanoTime() - began, done);
    } catch (VolumeException e) {
      if (!core.transfers().isStopping()) {
        fail(e);
      }
    } catch (IOException e) {
      if (!core.transfers().isStopping()) {
        fail(HostFailure.during(action(), e));
      }
    } catch (CancellationException _) {
      // When the service is shutting down, the next start goes on.
      if (entry.isCancelled()) {
        fail(cancelled());
      }
    } catch (RuntimeException | Error e) {
      // A mistake of ours must not leave a job that runs for ever.
      core.jobs().end(entry, Optional.of("internal error: " + e));
      throw e;
    }
    return new Next.Ended();
  }

  /** Until the snapshot is fetched, without a thread. */
  private Next await(PrivateCopy source) throws VolumeException {
    Optional<JobTable.Entry> restore = core.jobs().of(source.volume().id(), Restores.KIND).findFirst();
    if (restore.isEmpty() || restore.get().job().state() == Job.State.FAILED) {
      throw new Unavailable(action(), "the snapshot cannot be fetched: "
          + restore.flatMap(each -> each.record().error()).orElse("nothing fetches it"), "Mend that and try again");
    }
    entry.waitsFor(Activity.of(restore.get().job()));
    return new Next.Again(LOOKS_AGAIN);
  }

  private String finish(Optional<PrivateCopy> source) throws VolumeException, IOException {
    if (isInPlace()) {
      discard(source);
      return "had been copied";
    }
    if (source.isEmpty()) {
      throw new NotFound(action(), "its private copy is gone", "Copy it again");
    }
    TreeCopy.Result result = copy(source.get());
    discard(source);
    String done = result.files() + " files, " + ByteSize.ofBytes(result.bytes());
    Optional<String> missing = missing(result);
    missing.ifPresent(entry::remark);
    return done + missing.map(each -> "; " + each).orElse("");
  }

  private static Optional<String> missing(TreeCopy.Result result) {
    if (result.leftOut() == 0 && result.attributesLeftOut() == 0) {
      return Optional.empty();
    }
    return Optional.of("left out: " + result.leftOut() + " device nodes, sockets or pipes, " + result.attributesLeftOut()
        + " extended attributes that the target does not take");
  }

  /** Whether the file at the target is the one that was copied before the process died. */
  private boolean isInPlace() throws IOException {
    return Files.exists(note()) && Files.exists(target(), LinkOption.NOFOLLOW_LINKS)
        && Files.readString(note()).equals(identity(target()));
  }

  /** The same before and after a rename, and after a reboot. */
  private static String identity(Path file) throws IOException {
    Map<String, Object> attributes = Files.readAttributes(file, "unix:ino,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
    return attributes.get("ino") + " " + attributes.get("lastModifiedTime");
  }

  private TreeCopy.Result copy(PrivateCopy source) throws VolumeException, IOException {
    Path root = pool.views().place(source.volume().name().value());
    try {
      RunDirectories.make(root);
      if (source.place().isEmpty()) {
        source.mount().at(root);
      }
      Failpoint.FILES_SOURCE_MOUNTED.reach();
      return copyOutOf(root);
    } finally {
      release(root);
    }
  }

  private TreeCopy.Result copyOutOf(Path root) throws VolumeException, IOException {
    Path from = ImagePath.resolve(action(), root, parameter(PATH));
    Directories.create(entry.workspace());
    AtomicFile.delete(note());
    Directories.deleteTree(draft());
    AtomicLong bytes = new AtomicLong();
    entry.measure(Meter.begin(bytes::get, TreeCopy.bytes(from)));
    TreeCopy.Result result = new TreeCopy(done -> {
      bytes.set(done);
      demandWanted();
    }).copy(from, draft());
    FileOps.syncfs(Objects.requireNonNull(target().getParent()));
    Failpoint.FILES_DRAFTED.reach();
    AtomicFile.write(note(), identity(draft()).getBytes(StandardCharsets.UTF_8));
    Failpoint.FILES_DRAFT_NOTED.reach();
    demandWanted();
    if (Files.exists(target(), LinkOption.NOFOLLOW_LINKS)) {
      throw new AlreadyExists(action(), "there is a " + target() + " now", "Name another place, or remove it");
    }
    Directories.move(draft(), target());
    Failpoint.FILES_IN_PLACE.reach();
    return result;
  }

  private void demandWanted() {
    if (entry.isCancelled() || core.transfers().isStopping()) {
      throw new CancellationException("it was cancelled, or the service is shutting down");
    }
  }

  private void release(Path root) throws IOException {
    if (Mounts.at(root).isPresent()) {
      Mounts.unmount(root);
    }
    RunDirectories.removeEmpty(root);
  }

  private void discard(Optional<PrivateCopy> source) throws VolumeException, IOException {
    if (source.isPresent()) {
      release(pool.views().place(source.get().volume().name().value()));
      source.get().discard(core, action());
      Failpoint.FILES_SOURCE_GONE.reach();
    }
  }

  private void fail(VolumeException failure) {
    try {
      Directories.deleteTree(draft());
      discard(PrivateCopy.find(core.pools(), Purpose.FILES.name(entry.record().id())));
    } catch (VolumeException | IOException e) {
      LOG.log(System.Logger.Level.WARNING, "what is left of " + action() + " stays for now: " + e.getMessage());
    }
    core.jobs().end(entry, Optional.of(failure.getMessage() == null ? failure.reason() : failure.getMessage()));
    core.journal().failed(BACKGROUND, operation(), failure, System.nanoTime() - began);
  }
}
