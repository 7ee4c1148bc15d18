package dev.moorage.pool;

import dev.moorage.linux.LoopDevice;
import dev.moorage.linux.LoopDevices;
import dev.moorage.linux.Mounts;
import dev.moorage.linux.RootWorkspace;
import dev.moorage.process.Command;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.PoolName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Small hosts for small pools. Whatever a failed test leaves of a pool file's mount is taken down when the workspace closes. */
final class PoolFixture implements AutoCloseable {

  /** Filesystems that can hold a pool file. */
  enum HostKind {
    EXT4,
    BTRFS,
    TMPFS
  }

  private static final long HOST_BYTES = 2L << 30;

  private final RootWorkspace workspace = RootWorkspace.create();

  PoolFixture() throws IOException {}

  static PoolSettings settings(Path root) {
    return settings(root, Optional.empty(), BackendKind.IMAGE, BackendKind.DIRECTORY);
  }

  static PoolSettings settings(Path root, Optional<Double> overcommit, BackendKind... backends) {
    PoolFileSettings file = new PoolFileSettings(ByteSize.ofMebibytes(384), ByteSize.ofMebibytes(128), ByteSize.ofMebibytes(64), 0.10);
    return new PoolSettings(new PoolName("test"), root, List.of(backends), overcommit, PoolSettings.DEFAULT_SIZE,
        PoolSettings.DEFAULT_TRASH_RETENTION, file);
  }

  RootWorkspace workspace() {
    return workspace;
  }

  /** A root that does not exist yet, on a new small XFS with reflink. */
  Path rootOnXfs() throws IOException {
    return workspace.xfs("disk").resolve("pool");
  }

  /** A root that does not exist yet, on a new host filesystem of 2 GiB. */
  Path root(HostKind kind) throws IOException {
    return switch (kind) {
      case EXT4 -> automaticRoot(host("host", "ext4", "", "mkfs.ext4", "-q", "-F"));
      case BTRFS -> automaticRoot(host("host", "btrfs", "compress-force=zstd", "mkfs.btrfs", "-q", "-f"));
      case TMPFS -> automaticRoot(memory("host", "tmpfs", "size=" + HOST_BYTES));
    };
  }

  Path host(String name, String filesystem, String options, String... make) throws IOException {
    Path image = workspace.image(name + ".img", HOST_BYTES);
    String[] argv = Arrays.copyOf(make, make.length + 1);
    argv[make.length] = image.toString();
    Command.of(argv).run();
    return workspace.mount(image, name, filesystem, options);
  }

  Path memory(String name, String filesystem, String options) throws IOException {
    Path target = Files.createDirectory(workspace.path(name));
    Mounts.mount(Path.of(filesystem), target, filesystem, Set.of(), options);
    workspace.onClose(() -> Mounts.unmount(target));
    return target;
  }

  Path automaticRoot(Path host) {
    Path root = host.resolve("pool");
    removeMountOf(root);
    return root;
  }

  void removeMountOf(Path root) {
    workspace.onClose(() -> {
      // Asked of the table, because a filesystem that was shut down does not answer about itself.
      for (Mounts.Entry entry : Mounts.table()) {
        if (entry.target().equals(root.resolve("mount"))) {
          Mounts.unmountLazily(entry.target());
        }
      }
    });
  }

  static boolean isMounted(Path root) throws IOException {
    return Mounts.at(root.resolve("mount")).isPresent();
  }

  /** Whether the pool file has a device, other than for a namespace that somebody else made while it was mounted. */
  static boolean isAttached(Path root) throws IOException {
    Optional<LoopDevice> device = LoopDevices.find(root.resolve("pool.xfs"));
    return device.isPresent() && !Mounts.mountedElsewhere(device.get());
  }

  @Override
  public void close() throws IOException {
    workspace.close();
  }
}
