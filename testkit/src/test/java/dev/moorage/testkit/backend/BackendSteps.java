package dev.moorage.testkit.backend;

import dev.moorage.backend.Cut;
import dev.moorage.backend.Home;
import dev.moorage.backend.Origin;
import dev.moorage.backend.VolumeBackend;
import dev.moorage.backend.directory.DirectoryBackends;
import dev.moorage.backend.image.ImageBackends;
import dev.moorage.pool.Pool;
import dev.moorage.volume.Access;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.FilesystemType;
import dev.moorage.volume.VolumeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Every multi-step operation of the backends once, on homes with fixed names, with a line in a diary when it is done. Run as a
 * program to be killed somewhere in it.
 */
public final class BackendSteps {

  /** In this order. */
  enum Step { MAKE_FIRST, MAKE_SECOND, WRITE, GROW, CUT, CLOSE, CLONE, WRITE_CLONE, REPLACE, DELETE, MAKE_TREE }

  static final ByteSize SIZE = ByteSize.ofMebibytes(24);
  static final ByteSize GROWN = ByteSize.ofMebibytes(32);
  static final ByteSize CLONED = ByteSize.ofMebibytes(40);

  final Pool pool;
  final VolumeBackend backend;
  final VolumeBackend trees;
  final Home first;
  final Home second;
  final Home firstSnapshot;
  final Home secondSnapshot;
  final Home clone;
  final Home tree;
  private final Path mounts;
  private final List<Consumer> consumers = new ArrayList<>();

  BackendSteps(Path directory, Path mounts) {
    this.pool = PlainPool.at(directory);
    this.backend = ImageBackends.open(pool);
    this.trees = DirectoryBackends.open(pool);
    this.mounts = mounts;
    this.first = home(pool.layout().volumes(), 1);
    this.second = home(pool.layout().volumes(), 2);
    this.firstSnapshot = home(pool.layout().snapshots(), 3);
    this.secondSnapshot = home(pool.layout().snapshots(), 4);
    this.clone = home(pool.layout().tmp(), 5);
    this.tree = home(pool.layout().volumes(), 6);
  }

  private static Home home(Path place, int number) {
    UUID id = new UUID(0, number);
    return new Home(id, place.resolve(id.toString()));
  }

  List<Home> homes() {
    return List.of(first, second, firstSnapshot, secondSnapshot, clone, tree);
  }

  static VolumeSpec spec(ByteSize size) {
    return new VolumeSpec(size, BackendKind.IMAGE, Access.FILESYSTEM, FilesystemType.EXT4, false);
  }

  private Consumer use(Home home) throws Exception {
    return Consumer.of(backend, home, spec(SIZE), mounts.resolve(UUID.randomUUID().toString()));
  }

  long read(Home home) throws Exception {
    try (Consumer consumer = use(home)) {
      return consumer.read(0);
    }
  }

  private void run(Step step) throws Exception {
    switch (step) {
      case MAKE_FIRST -> backend.create(first, spec(SIZE), new Origin.Empty());
      case MAKE_SECOND -> backend.create(second, spec(SIZE), new Origin.Empty());
      case WRITE -> {
        for (Home home : List.of(first, second)) {
          Consumer consumer = use(home);
          consumers.add(consumer);
          consumer.write(0, 1);
        }
      }
      case GROW -> backend.grow(first, spec(GROWN));
      case CUT -> backend.cut(List.of(
          new Cut(first, firstSnapshot, consumers.get(0).mountPoint()),
          new Cut(second, secondSnapshot, consumers.get(1).mountPoint())));
      case CLOSE -> {
        for (Consumer consumer : consumers) {
          consumer.close();
        }
      }
      case CLONE -> backend.create(clone, spec(CLONED), new Origin.CloneOf(firstSnapshot, Optional.empty()));
      case WRITE_CLONE -> {
        try (Consumer consumer = use(clone)) {
          consumer.write(0, 2);
        }
      }
      case REPLACE -> backend.replace(first, clone);
      case DELETE -> backend.delete(second);
      case MAKE_TREE -> trees.create(tree, spec(SIZE), new Origin.Empty());
    }
  }

  void makeHomes() throws IOException {
    for (Home home : homes()) {
      Files.createDirectories(home.directory());
    }
  }

  /** Arguments: the pool's directory, a directory to mount in, the diary. */
  public static void main(String... arguments) throws Exception {
    BackendSteps steps = new BackendSteps(Path.of(arguments[0]), Path.of(arguments[1]));
    Path diary = Path.of(arguments[2]);
    steps.makeHomes();
    for (Step step : Step.values()) {
      steps.run(step);
      Files.writeString(diary, step + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }
}
