package dev.moorage.catalog;

import dev.moorage.backend.Origin;
import dev.moorage.volume.Access;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.ContentSource;
import dev.moorage.volume.FilesystemType;
import dev.moorage.volume.Owner;
import dev.moorage.volume.SizeRange;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeId;
import dev.moorage.volume.VolumeName;
import dev.moorage.volume.VolumeSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/** A catalog over a {@link SmallPool} and a {@link FileBackend}, with short words for what tests do. */
final class Fixture {

  final SmallPool pool;
  final FileBackend backend;
  Catalog catalog;
  private long ids;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  Fixture(Path directory) throws VolumeException {
    pool = SmallPool.at(directory);
    backend = new FileBackend(pool);
    catalog = open();
  }

  /** As after a restart. */
  void reopen() throws VolumeException {
    catalog = open();
  }

  private Catalog open() throws VolumeException {
    return Catalog.open(pool, _ -> backend, clock());
  }

  /** Each look at it finds a second gone. */
  private Clock clock() {
    InstantSource ticks = () -> now = now.plus(Duration.ofSeconds(1));
    return ticks.withZone(ZoneOffset.UTC);
  }

  UUID id() {
    return new UUID(0x4000L, 0x8000_0000_0000_0000L | ++ids);
  }

  Volume draft(String name, long size) {
    VolumeId id = new VolumeId(id());
    VolumeSpec spec =
        new VolumeSpec(ByteSize.ofBytes(size), BackendKind.IMAGE, Access.FILESYSTEM, FilesystemType.EXT4, false);
    return new Volume(id, Owner.DOCKER, new VolumeName(name), pool.id(), spec, SizeRange.atLeast(spec.size()),
        new ContentSource.Empty(), id, List.of(), Map.of(), Instant.EPOCH, spec.size(), Optional.empty());
  }

  Volume create(String name) throws VolumeException {
    return catalog.create(draft(name, 1000), new Origin.Empty());
  }

  Volume volume(String name) {
    return catalog.volume(Owner.DOCKER, new VolumeName(name)).orElseThrow();
  }

  void write(String name, String text) {
    FileBackend.write(catalog.home(volume(name)), text);
  }

  String text(String name) {
    return FileBackend.text(catalog.home(volume(name)));
  }

  /** Cuts {@code name@tag} of every volume named. */
  List<Snapshot> cut(String tag, String... names) throws VolumeException {
    return catalog.cut(Stream.of(names)
        .map(name -> new SnapshotDraft(new SnapshotId(id()), volume(name).id(), new SnapshotName(tag), Optional.empty()))
        .toList());
  }

  Snapshot snapshot(String label) {
    return catalog.snapshots().stream().filter(each -> each.label().equals(label)).findFirst().orElseThrow();
  }

  /** Everything that the catalog says exists, with its data, one line each: two catalogs that say the same are equal to users. */
  String summary() {
    TreeSet<String> lines = new TreeSet<>();
    for (Volume each : catalog.volumes()) {
      lines.add("volume " + each.name() + " " + each.spec().size().bytes() + " " + FileBackend.size(catalog.home(each)) + " '"
          + FileBackend.text(catalog.home(each)) + "'");
    }
    for (Volume each : catalog.trashedVolumes()) {
      lines.add("trashed volume " + each.name() + " '" + FileBackend.text(catalog.home(each)) + "'");
    }
    for (Snapshot each : catalog.snapshots()) {
      lines.add("snapshot " + each.label() + " '" + FileBackend.text(catalog.home(each)) + "'");
    }
    for (Snapshot each : catalog.trashedSnapshots()) {
      lines.add("trashed snapshot " + each.label() + " '" + FileBackend.text(catalog.home(each)) + "'");
    }
    for (SnapshotId each : catalog.views()) {
      lines.add("view of " + catalog.snapshot(each).orElseThrow().label());
    }
    lines.add("charged " + catalog.chargedBytes());
    return String.join("\n", lines);
  }

  /** Every file of the pool, so that nothing can be left over unseen. */
  List<String> files() {
    try (Stream<Path> tree = Files.walk(pool.layout().directory())) {
      return tree.filter(Files::isRegularFile).map(file -> pool.layout().directory().relativize(file).toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The files that the records in memory say that there must be. */
  List<String> expectedFiles() {
    Path root = pool.layout().directory();
    Stream<Path> volumes = Stream.concat(catalog.volumes().stream(), catalog.trashedVolumes().stream())
        .map(each -> catalog.home(each).directory())
        .flatMap(home -> Stream.of(home.resolve("volume.json"), home.resolve("data")));
    Stream<Path> snapshots = Stream.concat(catalog.snapshots().stream(), catalog.trashedSnapshots().stream())
        .map(each -> catalog.home(each).directory())
        .flatMap(home -> Stream.of(home.resolve("snapshot.json"), home.resolve("data")));
    Stream<Path> views = catalog.views().stream().map(each -> catalog.view(each).orElseThrow().directory().resolve("data"));
    return Stream.of(volumes, snapshots, views).flatMap(each -> each).map(file -> root.relativize(file).toString()).sorted().toList();
  }
}
