package dev.moorage.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.backend.Origin;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.Owner;
import dev.moorage.volume.RemoteCopy;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeId;
import dev.moorage.volume.VolumeName;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/** Random operations, and restarts between them, against maps that say what must be. A failure names its seed. */
class CatalogModelTest {

  private static final int OPERATIONS = 200;
  private static final List<String> NAMES = List.of("a", "b", "c");
  private static final List<String> TAGS = List.of("one", "two");

  /** What must be: sizes and texts of volumes, texts of snapshots, by what users call them; the trash by id. */
  private static final class Model {
    final TreeMap<String, Long> sizes = new TreeMap<>();
    final TreeMap<String, String> texts = new TreeMap<>();
    final TreeMap<String, String> snapshots = new TreeMap<>();
    final TreeMap<VolumeId, Entry> trashedVolumes = new TreeMap<>(java.util.Comparator.comparing(VolumeId::value));
    final TreeMap<SnapshotId, Entry> trashedSnapshots = new TreeMap<>(java.util.Comparator.comparing(SnapshotId::value));
    final TreeSet<String> views = new TreeSet<>();

    record Entry(String label, String text, long size) {}

    String summary() {
      TreeSet<String> lines = new TreeSet<>();
      sizes.forEach((name, size) -> lines.add("volume " + name + " " + size + " " + size + " '" + texts.get(name) + "'"));
      trashedVolumes.values().forEach(each -> lines.add("trashed volume " + each.label() + " '" + each.text() + "'"));
      snapshots.forEach((label, text) -> lines.add("snapshot " + label + " '" + text + "'"));
      trashedSnapshots.values().forEach(each -> lines.add("trashed snapshot " + each.label() + " '" + each.text() + "'"));
      views.forEach(label -> lines.add("view of " + label));
      lines.add("charged " + charged());
      return String.join("\n", lines);
    }

    private long charged() {
      long sum = sizes.values().stream().mapToLong(Long::longValue).sum();
      sum += trashedVolumes.values().stream().mapToLong(Entry::size).sum();
      sum += snapshots.values().stream().mapToLong(text -> 10L * text.length()).sum();
      sum += trashedSnapshots.values().stream().mapToLong(each -> 10L * each.text().length()).sum();
      return sum;
    }
  }

  @TempDir
  private Path directory;

  @RepeatedTest(4)
  void randomOperationsDoWhatTheModelDoes(RepetitionInfo repetition) throws Exception {
    long seed = Long.getLong("moorage.seed", 20_260_101L + repetition.getCurrentRepetition());
    SplittableRandom random = new SplittableRandom(seed);
    Fixture fixture = new Fixture(directory);
    Model model = new Model();
    for (int i = 0; i < OPERATIONS; i++) {
      int choice = random.nextInt(15);
      try {
        perform(choice, random, fixture, model);
      } catch (VolumeException.AlreadyExists | VolumeException.InUse | VolumeException.OutOfRange refused) {
        // The model was not changed either, which the comparison proves.
      }
      assertThat(fixture.summary().replaceAll("charged .*", ""))
          .as("seed %s, operation %s of kind %s", seed, i, choice)
          .isEqualTo(model.summary().replaceAll("charged .*", ""));
      demandIndexed(fixture.catalog, "seed " + seed + ", operation " + i + " of kind " + choice);
      if (model.views.isEmpty()) {
        assertThat(fixture.summary()).as("seed %s, operation %s: charges", seed, i).isEqualTo(model.summary());
      }
    }
    fixture.reopen();
    assertThat(fixture.files()).as("seed %s", seed).isEqualTo(fixture.expectedFiles());
    assertThat(fixture.catalog.problems()).as("seed %s", seed).isEmpty();
  }

  /** What is found by name, group and volume is what a look at every snapshot finds. */
  private static void demandIndexed(Catalog catalog, String when) {
    List<Snapshot> all = List.copyOf(catalog.snapshots());
    for (String tag : TAGS) {
      SnapshotName name = new SnapshotName(tag);
      assertThat(catalog.snapshotsNamed(Owner.DOCKER, name)).as(when)
          .containsExactlyInAnyOrderElementsOf(all.stream().filter(each -> each.name().equals(name)).toList());
      assertThat(catalog.snapshotsNamed(Owner.LOCAL, name)).as(when).isEmpty();
    }
    for (Snapshot one : all) {
      assertThat(catalog.snapshotsOf(one.volume())).as(when)
          .containsExactlyInAnyOrderElementsOf(all.stream().filter(each -> each.volume().equals(one.volume())).toList());
      if (one.group().isPresent()) {
        assertThat(catalog.snapshotsOfGroup(one.group().get())).as(when)
            .containsExactlyInAnyOrderElementsOf(all.stream().filter(each -> each.group().equals(one.group())).toList());
      }
    }
    catalog.trashedSnapshots().stream().flatMap(each -> each.group().stream())
        .filter(group -> all.stream().noneMatch(each -> each.group().equals(Optional.of(group))))
        .forEach(group -> assertThat(catalog.snapshotsOfGroup(group)).as(when).isEmpty());
  }

  private static void perform(int choice, SplittableRandom random, Fixture fixture, Model model) throws VolumeException {
    String name = NAMES.get(random.nextInt(NAMES.size()));
    boolean lives = model.sizes.containsKey(name);
    switch (choice) {
      case 0, 1 -> {
        fixture.create(name);
        model.sizes.put(name, 1000L);
        model.texts.put(name, "");
      }
      case 2, 3 -> {
        if (lives) {
          String text = "x".repeat(random.nextInt(20));
          fixture.write(name, text);
          model.texts.put(name, text);
        }
      }
      case 4 -> {
        if (lives) {
          long size = 500 + random.nextLong(3000);
          fixture.catalog.grow(fixture.volume(name).id(), ByteSize.ofBytes(size));
          model.sizes.put(name, size);
        }
      }
      case 5 -> trash(name, lives, fixture, model);
      case 6 -> restore(name, random, fixture, model);
      case 7 -> purge(random, fixture, model);
      case 8, 9 -> cut(name, random, fixture, model);
      case 10 -> trashSnapshot(random, fixture, model);
      case 11 -> restoreSnapshot(random, fixture, model);
      case 12 -> view(random, fixture, model);
      case 13 -> {
        rollback(name, fixture, model);
        fixture.reopen();
      }
      case 14 -> copy(random, fixture);
      default -> throw new AssertionError("BUG: " + choice);
    }
  }

  private static void trash(String name, boolean lives, Fixture fixture, Model model) throws VolumeException {
    if (lives) {
      Volume volume = fixture.volume(name);
      fixture.catalog.trash(volume.id());
      model.trashedVolumes.put(
          volume.id(), new Model.Entry(name, model.texts.getOrDefault(name, ""), volume.spec().size().bytes()));
      model.texts.remove(name);
      model.sizes.remove(name);
    }
  }

  private static void restore(String as, SplittableRandom random, Fixture fixture, Model model) throws VolumeException {
    if (!model.trashedVolumes.isEmpty()) {
      VolumeId id = pick(List.copyOf(model.trashedVolumes.keySet()), random);
      fixture.catalog.restoreVolume(id, new VolumeName(as));
      Model.Entry entry = java.util.Objects.requireNonNull(model.trashedVolumes.remove(id));
      model.sizes.put(as, entry.size());
      model.texts.put(as, entry.text());
    }
  }

  private static void purge(SplittableRandom random, Fixture fixture, Model model) throws VolumeException {
    if (!model.trashedVolumes.isEmpty()) {
      VolumeId id = pick(List.copyOf(model.trashedVolumes.keySet()), random);
      fixture.catalog.purge(id);
      model.trashedVolumes.remove(id);
    }
    if (!model.trashedSnapshots.isEmpty()) {
      SnapshotId id = pick(List.copyOf(model.trashedSnapshots.keySet()), random);
      fixture.catalog.purge(id);
      model.trashedSnapshots.remove(id);
    }
  }

  private static void cut(String name, SplittableRandom random, Fixture fixture, Model model) throws VolumeException {
    String tag = TAGS.get(random.nextInt(TAGS.size()));
    List<String> members = random.nextBoolean() ? List.copyOf(model.sizes.keySet()) : List.of(name);
    // Labels repeat when a volume's name is used again; the model knows them by label, so it keeps them unique.
    if (!members.isEmpty() && members.stream().allMatch(each -> model.sizes.containsKey(each)
        && !model.snapshots.containsKey(each + "@" + tag))) {
      fixture.cut(tag, members.toArray(String[]::new));
      members.forEach(each -> model.snapshots.put(each + "@" + tag, model.texts.getOrDefault(each, "")));
    }
  }

  private static void trashSnapshot(SplittableRandom random, Fixture fixture, Model model) throws VolumeException {
    if (!model.snapshots.isEmpty()) {
      String label = pick(List.copyOf(model.snapshots.keySet()), random);
      SnapshotId id = fixture.snapshot(label).id();
      fixture.catalog.trash(id);
      model.trashedSnapshots.put(id, new Model.Entry(label, java.util.Objects.requireNonNull(model.snapshots.remove(label)), 0));
    }
  }

  private static void restoreSnapshot(SplittableRandom random, Fixture fixture, Model model) throws VolumeException {
    if (!model.trashedSnapshots.isEmpty()) {
      SnapshotId id = pick(List.copyOf(model.trashedSnapshots.keySet()), random);
      Model.Entry entry = java.util.Objects.requireNonNull(model.trashedSnapshots.get(id));
      if (!model.snapshots.containsKey(entry.label())) {
        fixture.catalog.restoreSnapshot(id);
        model.trashedSnapshots.remove(id);
        model.snapshots.put(entry.label(), entry.text());
      }
    }
  }

  /** Its record changes where it is, living or trashed. */
  private static void copy(SplittableRandom random, Fixture fixture) throws VolumeException {
    List<Snapshot> all = Stream.concat(fixture.catalog.snapshots().stream(), fixture.catalog.trashedSnapshots().stream())
        .sorted(Comparator.comparing(each -> each.id().value())).toList();
    if (!all.isEmpty()) {
      RemoteCopy copy = new RemoteCopy("vault", fixture.id(), random.nextLong(1, 100), Instant.EPOCH);
      fixture.catalog.updateRemotes(pick(all, random).id(), each -> each.withRemote(copy));
    }
  }

  private static void view(SplittableRandom random, Fixture fixture, Model model) throws VolumeException {
    if (!model.snapshots.isEmpty()) {
      String label = pick(List.copyOf(model.snapshots.keySet()), random);
      Snapshot snapshot = fixture.snapshot(label);
      if (model.views.remove(label)) {
        fixture.catalog.deleteView(snapshot.id());
      } else {
        fixture.catalog.createView(snapshot);
        model.views.add(label);
      }
    }
  }

  private static void rollback(String name, Fixture fixture, Model model) throws VolumeException {
    String text = model.snapshots.get(name + "@one");
    if (text != null && model.sizes.containsKey(name)) {
      Volume volume = fixture.volume(name);
      Snapshot snapshot = fixture.snapshot(name + "@one");
      fixture.catalog.replaceData(volume, new Origin.CloneOf(fixture.catalog.home(snapshot)));
      model.texts.put(name, text);
    }
  }

  private static <T> T pick(List<T> all, SplittableRandom random) {
    return all.get(random.nextInt(all.size()));
  }
}
