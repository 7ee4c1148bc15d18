package dev.moorage.testkit.history;

import dev.moorage.storage.Consumer;
import dev.moorage.storage.SnapshotRef;
import dev.moorage.storage.Storage;
import dev.moorage.storage.Trashed;
import dev.moorage.volume.Owner;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Looks at a storage as its users do (by mounting and reading) and describes it in the words of {@link Model}. */
public final class Observer {

  private static final Consumer READER = new Consumer.DockerMount("reader");
  /** Snapshots that a rollback cuts by itself; the model does not count them. */
  private static final String SAFETY = "before-rollback";

  private final Storage storage;

  /** Looks at this storage, which the caller closes. */
  public Observer(Storage storage) {
    this.storage = storage;
  }

  /** In the words of {@link Model#picture}. */
  public String picture() throws VolumeException, IOException {
    Set<String> lines = new TreeSet<>();
    for (Volume volume : storage.volumes().list(Optional.of(Owner.DOCKER))) {
      lines.add("volume " + volume.name() + " " + volume.spec().size().bytes() + " '" + content(volume) + "'");
    }
    for (Snapshot snapshot : storage.snapshots().list(Performer.CALLER, Optional.empty())) {
      if (!snapshot.name().value().startsWith(SAFETY)) {
        lines.add("snapshot " + snapshot.label() + " '" + content(snapshot) + "'");
      }
    }
    return String.join("\n", lines);
  }

  /** In the words of {@link Model#trashPicture}. */
  public String trashPicture() throws VolumeException {
    List<String> lines = new ArrayList<>();
    for (Trashed trashed : storage.pools().trash(Optional.empty())) {
      lines.add(trashed.kind() + " " + trashed.label());
    }
    lines.sort(null);
    return String.join("\n", lines);
  }

  private String content(Volume volume) throws VolumeException, IOException {
    Path root = storage.publications().mount(Performer.CALLER, Performer.ref(volume.name().value()), READER);
    try {
      return read(root);
    } finally {
      storage.publications().unmount(Performer.CALLER, Performer.ref(volume.name().value()), READER);
    }
  }

  private String content(Snapshot snapshot) throws VolumeException, IOException {
    SnapshotRef ref = new SnapshotRef.ById(snapshot.id());
    return read(storage.snapshots().mount(Performer.CALLER, ref, Optional.empty()));
  }

  private static String read(Path root) throws IOException {
    Path marker = root.resolve(Performer.MARKER);
    return Files.exists(marker) ? Files.readString(marker) : "";
  }
}
