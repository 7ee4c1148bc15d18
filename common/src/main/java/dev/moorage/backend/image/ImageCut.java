package dev.moorage.backend.image;

import dev.moorage.backend.Cut;
import dev.moorage.backend.Home;
import dev.moorage.failpoint.Failpoint;
import dev.moorage.linux.Errno;
import dev.moorage.linux.ErrnoException;
import dev.moorage.linux.FileOps;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Cuts snapshots. One volume needs no freeze: a clone of its image is atomic against writers, and the journal inside makes it
 * whole. Several volumes are frozen together, because only then is there one moment that all clones show.
 */
final class ImageCut {

  private final String action;
  private final List<Cut> members;
  private final Deque<Path> frozen = new ArrayDeque<>();

  private ImageCut(String action, List<Cut> members) {
    this.action = action;
    this.members = members;
  }

  static void of(String action, List<Cut> members) throws IOException, VolumeException {
    // One order for everybody, so that two cuts of the same volumes cannot each hold what the other waits for.
    List<Cut> ordered = members.stream().sorted(Comparator.comparing(member -> member.volume().id())).toList();
    Set<UUID> ids = new HashSet<>();
    for (Cut member : ordered) {
      if (!ids.add(member.volume().id())) {
        throw new IllegalArgumentException("volume " + member.volume().id() + " is twice in one cut");
      }
    }
    new ImageCut(action, ordered).run();
  }

  private void run() throws IOException, VolumeException {
    for (Cut member : members) {
      prepare(member);
    }
    if (members.size() == 1) {
      cloneAll();
    } else {
      cloneFrozen();
    }
    for (Cut member : members) {
      Image snapshot = Image.of(member.snapshot());
      snapshot.seal();
      snapshot.flush();
      Failpoint.IMAGE_CUT_SEALED.reach();
    }
  }

  private void prepare(Cut member) throws IOException, VolumeException {
    Image volume = Image.of(member.volume());
    if (!volume.exists()) {
      throw new VolumeException.NotFound(action, "volume " + member.volume().id() + " holds no data", "");
    }
    if (members.size() > 1 && member.mountPoint().isEmpty() && volume.device().isPresent()) {
      throw new VolumeException.Unsupported(action, "volume " + member.volume().id() + " is a raw device in use, which cannot be frozen",
          "Cut it alone, or stop its consumer first");
    }
    Files.deleteIfExists(Image.of(member.snapshot()).file());
    Flush.before(action, member.volume(), member.mountPoint());
  }

  private void cloneAll() throws IOException {
    for (Cut member : members) {
      Image.of(member.snapshot()).makeCloneOf(Image.of(member.volume()).file());
      Failpoint.IMAGE_CUT_CLONED.reach();
    }
  }

  private void cloneFrozen() throws IOException, VolumeException {
    try {
      for (Cut member : members) {
        Optional<Path> mountPoint = member.mountPoint();
        if (mountPoint.isPresent()) {
          freeze(member.volume(), mountPoint.get());
        }
      }
      Failpoint.IMAGE_CUT_FROZEN.reach();
      cloneAll();
    } finally {
      thawAll();
    }
  }

  private void freeze(Home volume, Path mountPoint) throws IOException, VolumeException {
    try {
      FileOps.freeze(mountPoint);
      frozen.push(mountPoint);
    } catch (ErrnoException e) {
      if (e.is(Errno.EBUSY)) {
        // Not ours to thaw: somebody else may copy it right now.
        throw new VolumeException.Busy(action, "somebody has frozen the filesystem of volume " + volume.id(),
            "Wait, or end it with: fsfreeze --unfreeze " + mountPoint, e);
      }
      throw e;
    }
  }

  /** Tries each one, whatever happens to the others. */
  private void thawAll() throws IOException {
    @Nullable IOException failure = null;
    while (!frozen.isEmpty()) {
      try {
        thaw(frozen.pop());
      } catch (IOException e) {
        if (failure != null) {
          e.addSuppressed(failure);
        }
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Ends a freeze; nothing to do is success. */
  static void thaw(Path mountPoint) throws IOException {
    try {
      FileOps.thaw(mountPoint);
    } catch (ErrnoException e) {
      if (!e.is(Errno.EINVAL)) {
        throw e;
      }
    }
  }
}
