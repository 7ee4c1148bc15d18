package dev.moorage.catalog;

import dev.moorage.backend.Attachment;
import dev.moorage.backend.BackendFeature;
import dev.moorage.backend.BackendProfile;
import dev.moorage.backend.Cut;
import dev.moorage.backend.DataState;
import dev.moorage.backend.Home;
import dev.moorage.backend.HomeScan;
import dev.moorage.backend.Origin;
import dev.moorage.backend.VolumeBackend;
import dev.moorage.pool.Pool;
import dev.moorage.pool.PoolCapacity;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A backend that costs nothing: the data of a home is one small file with a size in its first line and a text in the second. It keeps
 * the contract also when it is killed, has a hard capacity as far as charging goes, and holds a home in use when a test says so.
 */
final class FileBackend implements VolumeBackend {

  private static final Set<BackendFeature> FEATURES =
      EnumSet.of(BackendFeature.SNAPSHOT, BackendFeature.CLONE, BackendFeature.GROW_ONLINE, BackendFeature.HARD_CAPACITY);

  private final Pool pool;
  private final Set<UUID> used = ConcurrentHashMap.newKeySet();

  FileBackend(Pool pool) {
    this.pool = pool;
  }

  void use(Home home) {
    used.add(home.id());
  }

  void leave(Home home) {
    used.remove(home.id());
  }

  /** Writes as a consumer would. */
  static void write(Home home, String text) {
    store(home, size(home), text);
  }

  static String text(Home home) {
    return lines(home).get(1);
  }

  static long size(Home home) {
    return Long.parseLong(lines(home).getFirst());
  }

  private static List<String> lines(Home home) {
    try {
      return Files.readAllLines(data(home));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void store(Home home, long size, String text) {
    try {
      Path unfinished = home.directory().resolve("data.unfinished");
      Files.writeString(unfinished, size + "\n" + text + "\n");
      Files.move(unfinished, data(home), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path data(Home home) {
    return home.directory().resolve("data");
  }

  private void demandUnused(String action, Home home) throws VolumeException {
    if (used.contains(home.id())) {
      throw new VolumeException.InUse(action, "the test uses it", "");
    }
  }

  @Override
  public BackendProfile profile() {
    return new BackendProfile(BackendKind.IMAGE, FEATURES);
  }

  @Override
  public void create(Home home, VolumeSpec spec, Origin origin) throws VolumeException {
    String text = switch (origin) {
      case Origin.Empty() -> "";
      case Origin.RestoreTarget() -> "";
      case Origin.CloneOf clone -> text(clone.source());
      case Origin.CopyOf copy -> text(copy.source());
    };
    store(home, spec.size().bytes(), text);
  }

  @Override
  public Attachment attach(Home home, VolumeSpec spec) {
    return new Attachment.Tree(data(home));
  }

  @Override
  public void detach(Home home) {}

  @Override
  public void grow(Home home, VolumeSpec spec) {
    store(home, spec.size().bytes(), text(home));
  }

  @Override
  public void delete(Home home) throws VolumeException {
    demandUnused("delete " + home.id(), home);
    try {
      Files.deleteIfExists(data(home));
      Files.deleteIfExists(home.directory().resolve("data.unfinished"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void cut(List<Cut> members) {
    for (Cut member : members) {
      store(member.snapshot(), size(member.volume()), text(member.volume()));
    }
  }

  @Override
  public void replace(Home home, Home replacement) throws VolumeException {
    demandUnused("replace " + home.id(), home);
    try {
      Files.move(data(replacement), data(home), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Path raw(Home home) {
    return data(home);
  }

  /** Ten bytes are allocated for each character. */
  @Override
  public DataState inspect(Home home) throws VolumeException {
    if (!Files.exists(data(home))) {
      throw new VolumeException.NotFound("inspect " + home.id(), "it holds no data", "");
    }
    boolean idle = !used.contains(home.id());
    return new DataState(ByteSize.ofBytes(size(home)), 10L * text(home).length(), 1,
        idle ? Optional.empty() : Optional.of(Path.of("/dev/test")), idle);
  }

  @Override
  public PoolCapacity capacity() throws VolumeException {
    return pool.capacity();
  }

  @Override
  public List<Home> list() throws VolumeException {
    try {
      return HomeScan.of(pool.layout(), home -> Files.exists(data(home)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
