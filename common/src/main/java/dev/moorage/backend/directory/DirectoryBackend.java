package dev.moorage.backend.directory;

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
import dev.moorage.failpoint.Failpoint;
import dev.moorage.linux.FileOps;
import dev.moorage.linux.ProjectQuota;
import dev.moorage.pool.Pool;
import dev.moorage.pool.PoolCapacity;
import dev.moorage.process.CommandFailed;
import dev.moorage.volume.Access;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps each home's data in one directory tree, {@code HOME/data}, of any filesystem: native speed, and none of the powers that a
 * filesystem does not have. Where project quota is enforced, a volume never holds more than its size; elsewhere its size is written
 * down by the catalog and nobody enforces it.
 */
final class DirectoryBackend implements VolumeBackend {

  private static final String OTHER_BACKEND = "Use a volume with backend=image";

  private final Pool pool;
  private final BackendProfile profile;
  private final SizeLimits limits = new SizeLimits();

  /** {@code hard} says that project quota is enforced in the pool. */
  DirectoryBackend(Pool pool, boolean hard) {
    this.pool = pool;
    this.profile = new BackendProfile(BackendKind.DIRECTORY,
        hard ? Set.of(BackendFeature.HARD_CAPACITY, BackendFeature.GROW_ONLINE) : Set.of());
  }

  @Override
  public BackendProfile profile() {
    return profile;
  }

  private boolean isHard() {
    return profile.has(BackendFeature.HARD_CAPACITY);
  }

  @Override
  public void create(Home home, VolumeSpec spec, Origin origin) throws VolumeException {
    String action = "create volume " + home.id();
    if (spec.access() == Access.BLOCK) {
      throw unsupported(action, "a directory cannot be given as a raw device");
    }
    if (spec.preallocated()) {
      throw unsupported(action, "a directory cannot claim its bytes in advance");
    }
    try {
      remove(action, Tree.of(home));
      fill(action, home, spec, origin);
      Failpoint.TREE_FILLED.reach();
      flush(home, origin);
    } catch (IOException e) {
      throw BackendFailure.of(action, e);
    }
  }

  private void fill(String action, Home home, VolumeSpec spec, Origin origin) throws IOException, VolumeException {
    switch (origin) {
      case Origin.Empty() -> make(home, spec);
      case Origin.CopyOf copy -> {
        Tree source = existing(action, copy.source());
        copy.progress().accept(0);
        make(home, spec);
        source.copyTo(Tree.of(home));
        copy.progress().accept(1);
      }
      case Origin.CloneOf _ -> throw unsupported(action, "directories cannot share their content");
      case Origin.RestoreTarget() -> throw unsupported(action, "a directory has no raw bytes to restore to");
    }
  }

  private void make(Home home, VolumeSpec spec) throws IOException {
    Tree tree = Tree.of(home);
    tree.make();
    if (isHard()) {
      limits.set(tree, home.id(), spec.size().bytes());
    }
  }

  private void flush(Home home, Origin origin) throws IOException {
    if (isHard() || origin instanceof Origin.CopyOf) {
      // Quota records, or many files: one flush of the whole filesystem has them all.
      FileOps.syncfs(home.directory());
    } else {
      FileOps.fsync(Tree.of(home).path());
      FileOps.fsync(home.directory());
    }
  }

  @Override
  public Attachment attach(Home home, VolumeSpec spec) throws VolumeException {
    return new Attachment.Tree(existing("attach volume " + home.id(), home).path());
  }

  @Override
  public void detach(Home home) {
    // Nothing was attached: the tree is within reach all the time.
  }

  /** Where no size is enforced there is nothing to change. */
  @Override
  public void grow(Home home, VolumeSpec spec) throws VolumeException {
    String action = "grow volume " + home.id();
    Tree tree = existing(action, home);
    if (!isHard()) {
      return;
    }
    try {
      ByteSize present = ByteSize.ofBytes(limits.usage(tree).limitBytes());
      if (present.bytes() == 0) {
        // Made before quota was enforced: its files belong to no project, and a limit would not hold them.
        return;
      }
      if (spec.size().compareTo(present) < 0) {
        throw new VolumeException.OutOfRange(action, "it has " + present + " already and cannot become smaller", "");
      }
      limits.set(tree, home.id(), spec.size().bytes());
      FileOps.syncfs(home.directory());
    } catch (IOException e) {
      throw BackendFailure.of(action, e);
    }
  }

  @Override
  public void delete(Home home) throws VolumeException {
    String action = "delete volume " + home.id();
    try {
      Tree tree = Tree.of(home);
      if (tree.exists()) {
        remove(action, tree);
        FileOps.fsync(home.directory());
      }
    } catch (IOException e) {
      throw BackendFailure.of(action, e);
    }
  }

  private void remove(String action, Tree tree) throws IOException, VolumeException {
    if (!tree.exists()) {
      return;
    }
    if (tree.holdsMounts()) {
      throw new VolumeException.InUse(action, "something is mounted beneath " + tree.path(), "Unmount it first");
    }
    try {
      if (isHard()) {
        limits.remove(tree);
      } else {
        tree.remove();
      }
    } catch (CommandFailed e) {
      if (e.errorOutput().contains("Operation not permitted")) {
        throw new VolumeException.Denied(action, e.errorOutput().lines().findFirst().orElse("a file cannot be removed"),
            "It is marked immutable; clear that with: chattr -R -ai " + tree.path(), e);
      }
      throw e;
    }
  }

  @Override
  public void cut(List<Cut> members) throws VolumeException {
    throw unsupported("cut a snapshot", "directories have no point in time");
  }

  @Override
  public void replace(Home home, Home replacement) throws VolumeException {
    throw unsupported("replace the data of volume " + home.id(), "two directories cannot be exchanged while they hold files");
  }

  @Override
  public Path raw(Home home) throws VolumeException {
    throw unsupported("read the raw data of " + home.id(), "a directory has no raw bytes");
  }

  @Override
  public DataState inspect(Home home) throws VolumeException {
    String action = "inspect volume " + home.id();
    Tree tree = existing(action, home);
    if (!isHard()) {
      return new DataState(ByteSize.ofBytes(0), 0, 0, Optional.empty(), true);
    }
    try {
      ProjectQuota.Usage usage = limits.usage(tree);
      return new DataState(ByteSize.ofBytes(usage.limitBytes()), usage.usedBytes(), 0, Optional.empty(), true);
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
      return HomeScan.of(pool.layout(), home -> Tree.of(home).exists());
    } catch (IOException e) {
      throw BackendFailure.of("list the directories of pool " + pool.name(), e);
    }
  }

  private static Tree existing(String action, Home home) throws VolumeException {
    Tree tree = Tree.of(home);
    if (!tree.exists()) {
      throw new VolumeException.NotFound(action, "there is no data in " + home.directory(), "");
    }
    return tree;
  }

  private static VolumeException unsupported(String action, String reason) {
    return new VolumeException.Unsupported(action, reason, OTHER_BACKEND);
  }
}
