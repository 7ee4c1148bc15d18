package dev.moorage.storage;

import static dev.moorage.storage.Host.ADMIN;
import static dev.moorage.storage.Host.DOCKER;
import static dev.moorage.storage.Host.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.testkit.LeakCheck;
import dev.moorage.volume.Access;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.FilesystemType;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.SizeRange;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeName;
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

/** Goal: what {@link Volumes} promises, over a real pool. Method: calls as front ends make them, then a look at the kernel. */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class VolumesTest {

  private Host host;

  @BeforeEach
  void open() throws VolumeException {
    host = new Host();
  }

  @AfterEach
  void close() throws VolumeException {
    host.close();
  }

  @Test
  void defaultsAreThePoolsAndTheSourcesOwn() throws VolumeException {
    Volume volume = host.storage.volumes().create(DOCKER, CreateVolume.named(Owner.DOCKER, new VolumeName("db")));
    assertThat(volume.spec().size()).isEqualTo(Host.SIZE);
    assertThat(volume.spec().backend()).isEqualTo(BackendKind.IMAGE);
    assertThat(volume.spec().filesystem()).isEqualTo(FilesystemType.EXT4);
    assertThat(volume.lineage()).isEqualTo(volume.id());
  }

  @Test
  void theSameRequestAgainIsTheSameVolumeAndAnotherOneNamesWhatDiffers() throws VolumeException {
    Volume first = host.create("db");
    assertThat(host.create("db")).isEqualTo(first);
    assertThat(host.storage.volumes().create(DOCKER, CreateVolume.named(Owner.DOCKER, new VolumeName("db")))).isEqualTo(first);
    CreateVolume xfs = new CreateVolume(Owner.DOCKER, new VolumeName("db"), Optional.empty(), Optional.empty(), Optional.empty(),
        Optional.empty(), Optional.of(FilesystemType.XFS), false, new CreateVolume.Source.None(), List.of(), Map.of());
    assertThatThrownBy(() -> host.storage.volumes().create(DOCKER, xfs))
        .isInstanceOf(VolumeException.AlreadyExists.class)
        .hasMessageContaining("has filesystem ext4, not xfs");
  }

  @Test
  void namesAreUniquePerOwnerAndAPlainNameMeansTheCallersOwnFirst() throws VolumeException {
    Volume docker = host.create("db");
    Volume local = host.storage.volumes().create(ADMIN, Host.request(Owner.LOCAL, "db"));
    Volume only = host.create("web");
    assertThat(host.storage.volumes().find(DOCKER, ref("db"))).contains(docker);
    assertThat(host.storage.volumes().find(ADMIN, ref("db"))).contains(local);
    assertThat(host.storage.volumes().find(ADMIN, ref("web"))).contains(only);
    Caller cluster = new Caller("csi", new Owner("prod"), Host.LONG, Host.LONG);
    assertThatThrownBy(() -> host.storage.volumes().find(cluster, ref("db")))
        .isInstanceOf(VolumeException.InvalidArgument.class)
        .hasMessageContaining("docker/db, local/db");
    assertThat(host.storage.volumes().list(Optional.empty())).containsExactly(docker, only, local);
    assertThat(host.storage.volumes().list(Optional.of(Owner.LOCAL))).containsExactly(local);
  }

  @Test
  void sizesThatCannotBeAreRefusedWithTheSmallestThatCan() {
    CreateVolume tiny = new CreateVolume(Owner.DOCKER, new VolumeName("db"), Optional.empty(), Optional.empty(),
        Optional.of(SizeRange.exactly(ByteSize.ofBytes(4096))), Optional.empty(), Optional.of(FilesystemType.XFS), false,
        new CreateVolume.Source.None(), List.of(), Map.of());
    assertThatThrownBy(() -> host.storage.volumes().create(DOCKER, tiny))
        .isInstanceOf(VolumeException.OutOfRange.class).hasMessageContaining("the smallest xfs volume");
    assertThatThrownBy(() -> host.storage.volumes().create(DOCKER, Host.request(Owner.DOCKER, "db", ByteSize.ofGibibytes(4000))))
        .isInstanceOf(VolumeException.NoSpace.class);
    assertThat(host.storage.volumes().list(Optional.empty())).isEmpty();
  }

  @Test
  void unknownPoolsAndPowersThatABackendLacksAreRefused() {
    assertThatThrownBy(() -> host.storage.volumes().create(DOCKER, request(Optional.of("slow"), Optional.empty(), Optional.empty())))
        .isInstanceOf(VolumeException.NotFound.class).hasMessageContaining("There are: fast");
    assertThatThrownBy(() -> host.storage.volumes().create(DOCKER,
        request(Optional.empty(), Optional.of(BackendKind.DIRECTORY), Optional.of(Access.BLOCK))))
        .isInstanceOf(VolumeException.Unsupported.class);
  }

  private static CreateVolume request(Optional<String> pool, Optional<BackendKind> backend, Optional<Access> access) {
    return new CreateVolume(Owner.DOCKER, new VolumeName("db"), pool.map(PoolName::new), backend, Optional.empty(), access,
        Optional.empty(), false, new CreateVolume.Source.None(), List.of(), Map.of());
  }

  @Test
  void aRemovedVolumeCanBeUndoneAndRemovingTwiceIsSuccess() throws Exception {
    Volume volume = host.create("db");
    Files.writeString(host.mount("db", "c1").resolve("row"), "1");
    host.unmount("db", "c1");
    host.storage.volumes().remove(DOCKER, ref("db"));
    host.storage.volumes().remove(DOCKER, ref("db"));
    assertThat(host.storage.volumes().find(DOCKER, ref("db"))).isEmpty();
    assertThat(host.storage.pools().trash(Optional.empty())).extracting(Trashed::label).containsExactly("db");
    Volume back = host.storage.volumes().undo(DOCKER, ref("db"), Optional.empty());
    assertThat(back.id()).isEqualTo(volume.id());
    assertThat(host.storage.volumes().undo(DOCKER, ref("db"), Optional.empty())).isEqualTo(back);
    assertThat(host.mount("db", "c1").resolve("row")).hasContent("1");
    host.unmount("db", "c1");
  }

  @Test
  void undoUnderAnotherNameWhenANewVolumeHasTheName() throws VolumeException {
    Volume old = host.create("db");
    host.storage.volumes().remove(DOCKER, ref("db"));
    Volume young = host.create("db");
    assertThatThrownBy(() -> host.storage.volumes().undo(ADMIN, ref("db"), Optional.empty()))
        .isInstanceOf(VolumeException.AlreadyExists.class).hasMessageContaining("--as");
    assertThat(host.storage.volumes().undo(ADMIN, ref("db"), Optional.of(new VolumeName("db-old"))).id()).isEqualTo(old.id());
    assertThat(host.storage.volumes().find(DOCKER, ref("db"))).contains(young);
  }

  @Test
  void emptyingTheTrashEndsTheUndo() throws VolumeException {
    Volume volume = host.create("db");
    host.storage.volumes().remove(DOCKER, ref("db"));
    assertThat(host.storage.pools().trashBytes(volume.pool())).isPositive();
    assertThat(host.storage.pools().emptyTrash(ADMIN, Optional.empty())).isEqualTo(1);
    assertThat(host.storage.pools().trashBytes(volume.pool())).isZero();
    assertThatThrownBy(() -> host.storage.volumes().undo(DOCKER, ref("db"), Optional.empty()))
        .isInstanceOf(VolumeException.NotFound.class);
  }

  /** With XFS, because ext4 grows while mounted only for a root with CAP_SYS_RESOURCE. */
  @Test
  void growsWhileMountedAndWhileNot() throws Exception {
    CreateVolume xfs = new CreateVolume(Owner.DOCKER, new VolumeName("db"), Optional.empty(), Optional.empty(),
        Optional.of(SizeRange.atLeast(ByteSize.ofMebibytes(512))), Optional.empty(), Optional.of(FilesystemType.XFS), false,
        new CreateVolume.Source.None(), List.of(), Map.of());
    assertThat(host.storage.volumes().create(DOCKER, xfs).spec().filesystem()).isEqualTo(FilesystemType.XFS);
    Path path = host.mount("db", "c1");
    long before = Files.getFileStore(path).getTotalSpace();
    Volume grown = host.storage.volumes().grow(ADMIN, ref("db"), ByteSize.ofMebibytes(1536));
    assertThat(grown.spec().size()).isEqualTo(ByteSize.ofMebibytes(1536));
    assertThat(grown.filesystemSize()).isEqualTo(ByteSize.ofMebibytes(1536));
    assertThat(Files.getFileStore(path).getTotalSpace()).isGreaterThan(before * 2);
    assertThat(host.storage.volumes().grow(ADMIN, ref("db"), ByteSize.ofMebibytes(1536))).isEqualTo(grown);
    assertThatThrownBy(() -> host.storage.volumes().grow(ADMIN, ref("db"), ByteSize.ofMebibytes(1)))
        .isInstanceOf(VolumeException.OutOfRange.class);
    host.unmount("db", "c1");
    host.storage.volumes().grow(ADMIN, ref("db"), ByteSize.ofMebibytes(2048));
    path = host.mount("db", "c1");
    assertThat(Files.getFileStore(path).getTotalSpace()).isGreaterThan(1800L << 20);
    assertThat(host.storage.volumes().find(DOCKER, ref("db")).orElseThrow().filesystemSize()).isEqualTo(ByteSize.ofMebibytes(2048));
    host.unmount("db", "c1");
  }

  @Test
  void aCloneOfAVolumeInUseIsOnePointInTimeAndMayBeLarger() throws Exception {
    Volume source = host.create("db");
    Path path = host.mount("db", "c1");
    Files.writeString(path.resolve("row"), "1");
    CreateVolume request = new CreateVolume(Owner.DOCKER, new VolumeName("copy"), Optional.empty(), Optional.empty(),
        Optional.of(SizeRange.atLeast(ByteSize.ofMebibytes(128))), Optional.empty(), Optional.empty(), false,
        new CreateVolume.Source.OfVolume(ref("db")), List.of(), Map.of());
    Volume copy = host.storage.volumes().create(DOCKER, request);
    assertThat(host.storage.volumes().create(DOCKER, request)).isEqualTo(copy);
    assertThat(copy.lineage()).isEqualTo(source.id());
    Files.writeString(path.resolve("row"), "2");
    Path copied = host.mount("copy", "c2");
    assertThat(copied.resolve("row")).hasContent("1");
    assertThat(Files.getFileStore(copied).getTotalSpace()).isGreaterThan(100L << 20);
    host.unmount("copy", "c2");
    host.unmount("db", "c1");
  }

  @Test
  void aCloneMustBeAsLargeAsItsSourceAndAlikeInKind() throws VolumeException {
    host.create("db");
    CreateVolume smaller = new CreateVolume(Owner.DOCKER, new VolumeName("copy"), Optional.empty(), Optional.empty(),
        Optional.of(SizeRange.exactly(ByteSize.ofMebibytes(32))), Optional.empty(), Optional.empty(), false,
        new CreateVolume.Source.OfVolume(ref("db")), List.of(), Map.of());
    assertThatThrownBy(() -> host.storage.volumes().create(DOCKER, smaller)).isInstanceOf(VolumeException.OutOfRange.class);
    CreateVolume other = new CreateVolume(Owner.DOCKER, new VolumeName("copy"), Optional.empty(), Optional.of(BackendKind.DIRECTORY),
        Optional.empty(), Optional.empty(), Optional.empty(), false, new CreateVolume.Source.OfVolume(ref("db")), List.of(), Map.of());
    assertThatThrownBy(() -> host.storage.volumes().create(DOCKER, other)).isInstanceOf(VolumeException.InvalidArgument.class);
    assertThatThrownBy(() -> host.storage.volumes().create(DOCKER,
        Host.from("copy", new CreateVolume.Source.OfVolume(ref("absent"))))).isInstanceOf(VolumeException.NotFound.class);
  }

  @Test
  void rollbackNeedsAnIdleVolumeAndKeepsWhatItReplaces() throws Exception {
    host.create("db");
    Path path = host.mount("db", "c1");
    Files.writeString(path.resolve("row"), "good");
    host.storage.snapshots().create(DOCKER, ref("db"), Optional.of(new SnapshotName("before")));
    Files.writeString(path.resolve("row"), "bad");
    SnapshotRef before = SnapshotRef.parse("db@before");
    assertThatThrownBy(() -> host.storage.volumes().rollback(ADMIN, before)).isInstanceOf(VolumeException.InUse.class);
    host.unmount("db", "c1");
    Snapshot safety = host.storage.volumes().rollback(ADMIN, before);
    assertThat(safety.name().value()).startsWith("before-rollback-");
    assertThat(host.mount("db", "c1").resolve("row")).hasContent("good");
    host.unmount("db", "c1");
    host.storage.volumes().rollback(ADMIN, new SnapshotRef.ById(safety.id()));
    assertThat(host.mount("db", "c1").resolve("row")).hasContent("bad");
    host.unmount("db", "c1");
  }

  @Test
  void aRollbackOfAVolumeThatHasGrownKeepsItsSize() throws Exception {
    host.create("db");
    host.storage.snapshots().create(DOCKER, ref("db"), Optional.of(new SnapshotName("small")));
    host.storage.volumes().grow(ADMIN, ref("db"), ByteSize.ofMebibytes(256));
    host.storage.volumes().rollback(ADMIN, SnapshotRef.parse("db@small"));
    Path path = host.mount("db", "c1");
    assertThat(Files.getFileStore(path).getTotalSpace()).isGreaterThan(200L << 20);
    host.unmount("db", "c1");
  }

  @Test
  void compactionKeepsTheDataAndIsAJob() throws Exception {
    host.create("db");
    Files.write(host.mount("db", "c1").resolve("data"), new byte[1 << 20]);
    assertThatThrownBy(() -> host.storage.volumes().compact(ADMIN, ref("db"))).isInstanceOf(VolumeException.InUse.class);
    host.unmount("db", "c1");
    Job job = host.storage.volumes().compact(ADMIN, ref("db"));
    Job ended = host.storage.jobs().await(job.id(), Host.LONG).orElseThrow();
    assertThat(ended.state()).isEqualTo(Job.State.DONE);
    assertThat(ended.fraction()).isEqualTo(1.0);
    assertThat(host.mount("db", "c1").resolve("data")).hasSize(1 << 20);
    host.unmount("db", "c1");
    host.restart();
    assertThat(host.storage.jobs().find(job.id())).contains(ended);
  }

  @Test
  void statusTellsSizeUseSnapshotsAndTheLastError() throws Exception {
    host.create("db");
    host.storage.snapshots().create(DOCKER, ref("db"), Optional.of(new SnapshotName("before")));
    host.mount("db", "c1");
    assertThatThrownBy(() -> host.storage.volumes().remove(ADMIN, ref("docker/db"))).isInstanceOf(VolumeException.InUse.class);
    VolumeStatus status = host.storage.volumes().status(DOCKER, ref("db"));
    assertThat(status.poolName()).isEqualTo(new PoolName("fast"));
    assertThat(status.mountPoint()).isPresent();
    assertThat(status.consumers()).isEqualTo(1);
    assertThat(status.snapshots()).hasSize(1);
    assertThat(status.usedBytes()).isPositive();
    assertThat(status.allocatedBytes()).isPositive();
    assertThat(status.lastError()).hasValueSatisfying(text -> assertThat(text).contains("cannot remove volume docker/db"));
    host.unmount("db", "c1");
  }

  @Test
  void everythingIsThereAfterARestart() throws Exception {
    Volume volume = host.create("db");
    Snapshot snapshot = host.storage.snapshots().create(DOCKER, ref("db"), Optional.empty());
    host.restart();
    assertThat(host.storage.volumes().find(DOCKER, ref("db"))).contains(volume);
    assertThat(host.storage.snapshots().list(DOCKER, Optional.of(ref("db")))).containsExactly(snapshot);
  }
}
