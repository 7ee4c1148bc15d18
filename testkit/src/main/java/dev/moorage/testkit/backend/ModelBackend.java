package dev.moorage.testkit.backend;

import dev.moorage.backend.Attachment;
import dev.moorage.backend.BackendFailure;
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
import dev.moorage.volume.Access;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The reference model of a backend with snapshots, too simple to be wrong: a volume is a plain file (block access) or a plain
 * directory (filesystem access) in its home, and whatever shares blocks elsewhere is a full copy here. It needs neither root nor
 * a kernel with loop devices, so it also serves tests of what lies above the backends.
 *
 * <p>It knows no users: a device is in use from {@link #attach} to {@link #detach}. A directory is never in use. Writers must
 * pause while it cuts or clones.
 */
public final class ModelBackend implements VolumeBackend {

  private static final long BLOCK_BYTES = 4096;
  private static final Set<BackendFeature> FEATURES = EnumSet.of(BackendFeature.BLOCK_ACCESS, BackendFeature.SNAPSHOT,
      BackendFeature.CLONE, BackendFeature.GROW_ONLINE);

  private final Pool pool;
  private final Map<UUID, ByteSize> treeSizes = new ConcurrentHashMap<>();
  private final Set<UUID> attached = ConcurrentHashMap.newKeySet();

  public ModelBackend(Pool pool) {
    this.pool = pool;
  }

  @Override
  public BackendProfile profile() {
    return new BackendProfile(BackendKind.IMAGE, FEATURES);
  }

  @Override
  public void create(Home home, VolumeSpec spec, Origin origin) throws VolumeException {
    String action = "create volume " + home.id();
    if (spec.preallocated() || origin instanceof Origin.RestoreTarget) {
      throw new VolumeException.Unsupported(action, "the model neither preallocates nor restores", "");
    }
    ByteSize size = spec.size().roundUpTo(BLOCK_BYTES);
    if (size.bytes() == 0) {
      throw new VolumeException.OutOfRange(action, "a volume has at least 4K", "");
    }
    demandUnused(action, home);
    try {
      PlainData.remove(data(home));
      switch (origin) {
        case Origin.Empty() -> PlainData.make(data(home), spec.access(), size);
        case Origin.CloneOf clone -> copy(action, clone.source(), home, size);
        case Origin.CopyOf copy -> {
          copy.progress().accept(0);
          copy(action, copy.source(), home, size);
          copy.progress().accept(1);
        }
        case Origin.RestoreTarget() -> throw new AssertionError("BUG: refused above");
      }
    } catch (IOException e) {
      throw BackendFailure.of(action, e);
    }
    treeSizes.put(home.id(), size);
  }

  private void copy(String action, Home source, Home target, ByteSize size) throws IOException, VolumeException {
    DataState state = inspect(action, source);
    if (state.size().compareTo(size) > 0) {
      throw new VolumeException.OutOfRange(action, "its source has " + state.size(), "Ask for that or more");
    }
    PlainData.copy(data(source), data(target));
    PlainData.enlarge(data(target), size);
  }

  @Override
  public Attachment attach(Home home, VolumeSpec spec) throws VolumeException {
    inspect("attach volume " + home.id(), home);
    if (spec.access() == Access.FILESYSTEM) {
      return new Attachment.Tree(data(home));
    }
    attached.add(home.id());
    return new ModelDevice(data(home));
  }

  /** A file that stands for a device. */
  private record ModelDevice(Path path) implements Attachment.Device {

    @Override
    public void close() {}
  }

  @Override
  public void detach(Home home) {
    attached.remove(home.id());
  }

  @Override
  public void grow(Home home, VolumeSpec spec) throws VolumeException {
    String action = "grow volume " + home.id();
    ByteSize size = spec.size().roundUpTo(BLOCK_BYTES);
    if (size.compareTo(inspect(action, home).size()) < 0) {
      throw new VolumeException.OutOfRange(action, "it cannot become smaller", "");
    }
    try {
      PlainData.enlarge(data(home), size);
    } catch (IOException e) {
      throw BackendFailure.of(action, e);
    }
    treeSizes.put(home.id(), size);
  }

  @Override
  public void delete(Home home) throws VolumeException {
    String action = "delete volume " + home.id();
    demandUnused(action, home);
    try {
      PlainData.remove(data(home));
    } catch (IOException e) {
      throw BackendFailure.of(action, e);
    }
    treeSizes.remove(home.id());
  }

  @Override
  public void cut(List<Cut> members) throws VolumeException {
    String action = "cut a snapshot";
    if (members.size() > 1 && members.stream().anyMatch(member -> attached.contains(member.volume().id()))) {
      throw new VolumeException.Unsupported(action, "a raw device in use cannot be frozen", "Cut it alone");
    }
    for (Cut member : members) {
      try {
        ByteSize size = inspect(action, member.volume()).size();
        PlainData.remove(data(member.snapshot()));
        PlainData.copy(data(member.volume()), data(member.snapshot()));
        treeSizes.put(member.snapshot().id(), size);
      } catch (IOException e) {
        throw BackendFailure.of(action, e);
      }
    }
  }

  @Override
  public void replace(Home home, Home replacement) throws VolumeException {
    String action = "replace the data of volume " + home.id();
    ByteSize size = inspect(action, replacement).size();
    demandUnused(action, home);
    demandUnused(action, replacement);
    try {
      PlainData.remove(data(home));
      Files.move(data(replacement), data(home), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw BackendFailure.of(action, e);
    }
    treeSizes.put(home.id(), size);
    treeSizes.remove(replacement.id());
  }

  @Override
  public Path raw(Home home) throws VolumeException {
    throw new VolumeException.Unsupported("read the raw data of " + home.id(), "the model has trees, too", "");
  }

  @Override
  public DataState inspect(Home home) throws VolumeException {
    return inspect("inspect volume " + home.id(), home);
  }

  private DataState inspect(String action, Home home) throws VolumeException {
    Path data = data(home);
    if (!Files.exists(data)) {
      throw new VolumeException.NotFound(action, "there is no data in " + home.directory(), "");
    }
    try {
      ByteSize size = Files.isDirectory(data)
          ? treeSizes.getOrDefault(home.id(), ByteSize.ofBytes(0))
          : ByteSize.ofBytes(Files.size(data));
      boolean used = attached.contains(home.id());
      return new DataState(size, 0, 0, used ? Optional.of(data) : Optional.empty(), !used);
    } catch (IOException e) {
      throw BackendFailure.of(action, e);
    }
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
      throw BackendFailure.of("list pool " + pool.name(), e);
    }
  }

  private void demandUnused(String action, Home home) throws VolumeException {
    if (attached.contains(home.id())) {
      throw new VolumeException.InUse(action, "it is attached", "Detach it first");
    }
  }

  private static Path data(Home home) {
    return home.directory().resolve("model");
  }
}
