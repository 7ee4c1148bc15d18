package dev.moorage.storage;

import static dev.moorage.storage.Host.ADMIN;
import static dev.moorage.storage.Host.DOCKER;
import static dev.moorage.storage.Host.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.testkit.KernelState;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.Scratch;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.Owner;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Goal: what {@link Snapshots} promises, over a real pool. Method: calls as front ends make them, then a look at the kernel. */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class SnapshotsTest {

  private Host host;

  @BeforeEach
  void open() throws VolumeException {
    host = new Host();
  }

  @AfterEach
  void close() throws VolumeException {
    host.close();
  }

  private Snapshot cut(String volume, String name) throws VolumeException {
    return host.storage.snapshots().create(DOCKER, ref(volume), Optional.of(new SnapshotName(name)));
  }

  @Test
  void aSnapshotOfAVolumeInUseHasWhatWasWrittenBefore() throws Exception {
    host.create("db");
    Path path = host.mount("db", "c1");
    Files.writeString(path.resolve("row"), "1");
    Snapshot snapshot = cut("db", "before");
    assertThat(cut("db", "before")).as("the same name again").isEqualTo(snapshot);
    Files.writeString(path.resolve("row"), "2");
    Volume copy = host.storage.volumes().create(DOCKER,
        Host.from("copy", new CreateVolume.Source.OfSnapshot(SnapshotRef.parse("db@before"))));
    assertThat(copy.lineage()).isEqualTo(snapshot.lineage());
    assertThat(host.mount("copy", "c2").resolve("row")).hasContent("1");
    host.unmount("copy", "c2");
    host.unmount("db", "c1");
  }

  @Test
  void namesMadeFromTheTimeAreUniqueAndLatestIsTheNewest() throws VolumeException {
    host.create("db");
    Snapshot first = host.storage.snapshots().create(DOCKER, ref("db"), Optional.empty());
    Snapshot second = host.storage.snapshots().create(DOCKER, ref("db"), Optional.empty());
    assertThat(first.name().value()).matches("\\d{8}T\\d{6}Z");
    assertThat(second.name()).isNotEqualTo(first.name());
    assertThat(host.storage.snapshots().find(DOCKER, SnapshotRef.parse("db@latest"))).contains(second);
    assertThat(host.storage.snapshots().list(DOCKER, Optional.of(ref("db")))).containsExactly(first, second);
    assertThat(host.storage.snapshots().list(DOCKER, Optional.empty())).containsExactly(first, second);
  }

  @Test
  void snapshotsOutliveTheirVolumeAndAreFoundByItsName() throws VolumeException {
    host.create("db");
    Snapshot old = cut("db", "before");
    host.storage.volumes().remove(DOCKER, ref("db"));
    assertThat(host.storage.snapshots().find(DOCKER, SnapshotRef.parse("db@before"))).contains(old);
    assertThat(host.storage.snapshots().find(ADMIN, SnapshotRef.parse("db@before"))).contains(old);
    host.create("db");
    Snapshot young = cut("db", "before");
    assertThat(host.storage.snapshots().find(DOCKER, SnapshotRef.parse("db@before"))).as("the living volume's").contains(young);
    host.storage.volumes().remove(DOCKER, ref("db"));
    assertThatThrownBy(() -> host.storage.snapshots().find(DOCKER, SnapshotRef.parse("db@before")))
        .isInstanceOf(VolumeException.InvalidArgument.class)
        .hasMessageContaining(old.id().toString()).hasMessageContaining(young.id().toString());
    assertThatThrownBy(() -> host.storage.volumes().rollback(ADMIN, new SnapshotRef.ById(old.id())))
        .isInstanceOf(VolumeException.NotFound.class).hasMessageContaining("its volume db is deleted");
  }

  @Test
  void aRemovedSnapshotCanBeUndone() throws VolumeException {
    host.create("db");
    Snapshot snapshot = cut("db", "before");
    SnapshotRef before = SnapshotRef.parse("db@before");
    host.storage.snapshots().remove(ADMIN, before);
    host.storage.snapshots().remove(ADMIN, before);
    assertThat(host.storage.snapshots().find(DOCKER, before)).isEmpty();
    assertThat(host.storage.snapshots().undo(ADMIN, before)).isEqualTo(snapshot);
    assertThat(host.storage.snapshots().undo(ADMIN, before)).isEqualTo(snapshot);
  }

  @Test
  void aGroupIsCutAtOneMomentOrNotAtAll() throws Exception {
    host.create("db");
    host.create("wal");
    host.mount("db", "c1");
    host.mount("wal", "c1");
    List<VolumeRef> both = List.of(ref("db"), ref("wal"));
    List<Snapshot> group = host.storage.snapshots().createGroup(DOCKER, both, new SnapshotName("both"));
    assertThat(group).hasSize(2);
    assertThat(group.getFirst().group()).isPresent().isEqualTo(group.getLast().group());
    assertThat(host.storage.snapshots().createGroup(DOCKER, both, new SnapshotName("both"))).isEqualTo(group);
    cut("db", "one");
    assertThatThrownBy(() -> host.storage.snapshots().createGroup(DOCKER, both, new SnapshotName("one")))
        .isInstanceOf(VolumeException.AlreadyExists.class);
    Files.writeString(host.mount("db", "c2").resolve("thawed"), "yes");
    host.unmount("db", "c2");
    host.unmount("db", "c1");
    host.unmount("wal", "c1");
  }

  @Test
  void directoriesHaveNoSnapshotsAndSaySo() throws VolumeException {
    CreateVolume tree = new CreateVolume(Owner.DOCKER, new VolumeName("tree"), Optional.empty(), Optional.of(BackendKind.DIRECTORY),
        Optional.empty(), Optional.empty(), Optional.empty(), false, new CreateVolume.Source.None(), List.of(), Map.of());
    Volume volume = host.storage.volumes().create(DOCKER, tree);
    assertThatThrownBy(() -> cut("tree", "before"))
        .isInstanceOf(VolumeException.Unsupported.class).hasMessageContaining("has no snapshots");
    assertThatThrownBy(() -> host.storage.volumes().create(DOCKER,
        Host.from("copy", new CreateVolume.Source.OfVolume(new VolumeRef.ById(volume.id())))))
        .isInstanceOf(VolumeException.Unsupported.class);
  }

  @Test
  void aSnapshotIsMountedReadOnlyAndStaysMountedOverARestart() throws Exception {
    host.create("db");
    Files.writeString(host.mount("db", "c1").resolve("row"), "1");
    Snapshot snapshot = cut("db", "before");
    host.unmount("db", "c1");
    SnapshotRef before = SnapshotRef.parse("db@before");
    Path view = host.storage.snapshots().mount(ADMIN, before, Optional.empty());
    assertThat(view.resolve("row")).hasContent("1");
    assertThatThrownBy(() -> Files.writeString(view.resolve("row"), "2")).isInstanceOf(IOException.class);
    assertThat(host.storage.snapshots().mount(ADMIN, before, Optional.empty())).isEqualTo(view);
    assertThatThrownBy(() -> host.storage.snapshots().remove(ADMIN, before)).isInstanceOf(VolumeException.InUse.class);
    host.restart();
    assertThat(view.resolve("row")).hasContent("1");
    assertThat(host.storage.snapshots().mount(ADMIN, before, Optional.empty())).isEqualTo(view);
    assertThat(KernelState.mountsUnder(host.run())).containsExactly(view);
    host.storage.snapshots().unmount(ADMIN, before);
    host.storage.snapshots().unmount(ADMIN, before);
    assertThat(view).doesNotExist();
    assertThat(host.storage.snapshots().find(ADMIN, before)).contains(snapshot);
    host.storage.snapshots().remove(ADMIN, before);
  }

  @Test
  void aSnapshotIsMountedWhereItsUserWants() throws Exception {
    host.create("db");
    cut("db", "before");
    SnapshotRef before = SnapshotRef.parse("db@before");
    Path target = Scratch.directory("restore");
    Path full = Files.createDirectories(Scratch.directory("full").resolve("of/something"));
    assertThatThrownBy(() -> host.storage.snapshots().mount(ADMIN, before, Optional.of(full.resolve(".."))))
        .isInstanceOf(VolumeException.InvalidArgument.class);
    assertThat(host.storage.snapshots().mount(ADMIN, before, Optional.of(target))).isEqualTo(target);
    assertThatThrownBy(() -> host.storage.snapshots().mount(ADMIN, before, Optional.of(full)))
        .isInstanceOf(VolumeException.AlreadyExists.class);
    try (var open = Files.newDirectoryStream(target)) {
      assertThat(open).isEmpty();
      host.restart();
    }
    host.storage.snapshots().unmount(ADMIN, before);
    assertThat(target).isEmptyDirectory();
  }

  @Test
  void aVolumeMadeFromASnapshotThatIsGoneIsStillTheAnswerToItsRequest() throws VolumeException {
    host.create("db");
    cut("db", "before");
    CreateVolume request = Host.from("copy", new CreateVolume.Source.OfSnapshot(SnapshotRef.parse("db@before")));
    Volume copy = host.storage.volumes().create(DOCKER, request);
    host.storage.snapshots().remove(DOCKER, SnapshotRef.parse("db@before"));
    assertThat(host.storage.volumes().create(DOCKER, request)).isEqualTo(copy);
    for (String other : List.of("elsewhere/db@before", "vault:db@before", "db@after")) {
      assertThatThrownBy(() -> host.storage.volumes().create(DOCKER,
          Host.from("copy", new CreateVolume.Source.OfSnapshot(SnapshotRef.parse(other))))).as(other)
          .isInstanceOf(VolumeException.AlreadyExists.class).hasMessageContaining("from snapshot docker/db@before");
    }
    assertThatThrownBy(() -> host.storage.volumes().create(DOCKER,
        Host.from("other", new CreateVolume.Source.OfSnapshot(SnapshotRef.parse("db@before")))))
        .isInstanceOf(VolumeException.NotFound.class);
  }
}
