package dev.moorage.storage;

import static dev.moorage.storage.Host.ADMIN;
import static dev.moorage.storage.Host.DOCKER;
import static dev.moorage.storage.Host.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.storage.SnapshotMounts.Answer;
import dev.moorage.testkit.KernelState;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.Scratch;
import dev.moorage.testkit.Until;
import dev.moorage.testkit.objectstore.ModelObjectStore;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.VolumeException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Goal: what {@link SnapshotMounts} promises of remote snapshots. Method: host beta looks into what host alpha uploaded. */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class SnapshotMountsTest {

  private static final SnapshotRef FIRST = SnapshotRef.parse("alpha/db@first");

  private final Path directory = Scratch.directory("mounts");

  @SuppressWarnings("NullAway.Init")
  private Host alpha;

  @SuppressWarnings("NullAway.Init")
  private Host beta;

  @SuppressWarnings("NullAway.Init")
  private Link link;

  @BeforeEach
  void open() throws Exception {
    SharedStore shared = SharedStore.create(new ModelObjectStore());
    alpha = new Host("alpha", shared.source());
    beta = new Host("beta", shared.source(store -> link = new Link(store)));
    alpha.create("db");
    Files.writeString(alpha.mount("db", "w").resolve("row"), "one");
    Job job = alpha.storage.uploads().create(DOCKER, ref("db"), Optional.of(new SnapshotName("first")), SharedStore.NAME).job();
    assertThat(alpha.storage.jobs().await(job.id(), Host.LONG).orElseThrow().state()).isEqualTo(Job.State.DONE);
    alpha.unmount("db", "w");
  }

  @AfterEach
  void close() throws VolumeException {
    alpha.close();
    beta.close();
    Scratch.remove(directory);
  }

  private Path mount(SnapshotRef ref, Optional<Path> target) throws Exception {
    Answer answer = beta.storage.mounts().mount(ADMIN, ref, target);
    if (answer instanceof Answer.Fetching(var snapshot, var job)) {
      assertThat(beta.storage.jobs().await(job.id(), Host.LONG).orElseThrow().state()).isEqualTo(Job.State.DONE);
      answer = beta.storage.mounts().mount(ADMIN, new SnapshotRef.ById(snapshot), target);
    }
    return ((Answer.Mounted) answer).path();
  }

  private void demandNothingLeft() throws Exception {
    assertThat(PrivateCopy.all(beta.storagePools(), PrivateCopy.Purpose.MOUNT)).isEmpty();
    assertThat(KernelState.mountsUnder(beta.run())).isEmpty();
    assertThat(beta.storage.pools().status(Optional.empty()).chargedBytes()).isZero();
  }

  @Test
  void aRemoteSnapshotIsFetchedMountedReadOnlyHiddenAndChargedAndGoneWhenItIsUnmounted() throws Exception {
    Path target = Files.createDirectory(directory.resolve("mnt"));
    assertThat(mount(FIRST, Optional.of(target))).isEqualTo(target);
    assertThat(target.resolve("row")).as("cut in use: its journal was replayed").hasContent("one");
    assertThatThrownBy(() -> Files.writeString(target.resolve("new"), "x")).isInstanceOf(FileSystemException.class)
        .hasMessageContaining("Read-only");
    assertThat(mount(FIRST, Optional.empty())).as("mounted already").isEqualTo(target);
    assertThatThrownBy(() -> mount(FIRST, Optional.of(directory))).isInstanceOf(VolumeException.AlreadyExists.class)
        .hasMessageContaining("it is mounted at " + target);
    assertThat(beta.storage.volumes().list(Optional.empty())).isEmpty();
    assertThat(beta.storage.snapshots().list(ADMIN, Optional.empty())).isEmpty();
    assertThat(beta.storage.pools().status(Optional.empty()).chargedBytes()).isEqualTo(Host.SIZE.bytes());
    assertThat(beta.storage.mounts().remote()).singleElement().satisfies(each -> {
      assertThat(each.text()).isEqualTo("vault:alpha/docker/db@first");
      assertThat(each.path()).contains(target);
    });
    link.set(Link.State.DOWN);
    beta.restart();
    assertThat(target.resolve("row")).hasContent("one");
    assertThat(mount(FIRST, Optional.of(target))).as("needs no store").isEqualTo(target);
    try (var held = Files.newBufferedReader(target.resolve("row"))) {
      assertThat(held.readLine()).isEqualTo("one");
      assertThatThrownBy(() -> beta.storage.mounts().unmount(ADMIN, FIRST)).isInstanceOf(VolumeException.InUse.class);
    }
    beta.storage.mounts().unmount(ADMIN, SnapshotRef.parse("db@first"));
    demandNothingLeft();
    assertThat(target).isEmptyDirectory();
  }

  @Test
  void aLocalSnapshotIsMountedAtOnce() throws Exception {
    beta.create("db");
    beta.storage.snapshots().create(DOCKER, ref("db"), Optional.of(new SnapshotName("mine")));
    Path path = ((Answer.Mounted) beta.storage.mounts().mount(DOCKER, SnapshotRef.parse("db@mine"), Optional.empty())).path();
    assertThat(path).isEmptyDirectory();
    beta.storage.mounts().unmount(DOCKER, SnapshotRef.parse("db@mine"));
    beta.storage.mounts().unmount(DOCKER, SnapshotRef.parse("db@mine"));
    beta.storage.mounts().unmount(DOCKER, FIRST);
    assertThatThrownBy(() -> beta.storage.mounts().mount(DOCKER, SnapshotRef.parse("db@none"), Optional.empty()))
        .isInstanceOf(VolumeException.NotFound.class);
  }

  @Test
  void whatIsBeingFetchedGoesOnAfterARestartAndUnmountEndsIt() throws Exception {
    beta.storage.volumes().list(Optional.empty());
    assertThatThrownBy(() -> beta.storage.mounts().mount(ADMIN, SnapshotRef.parse("db@none"), Optional.empty()))
        .isInstanceOf(VolumeException.NotFound.class);
    link.set(Link.State.NO_PACKS);
    Answer.Fetching fetching = (Answer.Fetching) beta.storage.mounts().mount(ADMIN, FIRST, Optional.empty());
    assertThat(fetching.job().subject()).isEqualTo("copy of snapshot db@first");
    Until.demand("it waits", Host.LONG, () -> beta.storage.jobs().find(fetching.job().id()).orElseThrow().state() == Job.State.WAITING);
    beta.restart();
    assertThat(beta.storage.mounts().mount(ADMIN, FIRST, Optional.empty())).isInstanceOf(Answer.Fetching.class);
    link.set(Link.State.UP);
    Path path = mount(FIRST, Optional.empty());
    assertThat(path.resolve("row")).hasContent("one");
    assertThat(path).startsWith(beta.run());
    beta.storage.mounts().unmount(ADMIN, FIRST);
    demandNothingLeft();
    link.set(Link.State.NO_PACKS);
    beta.storage.mounts().mount(ADMIN, FIRST, Optional.empty());
    beta.storage.mounts().unmount(ADMIN, FIRST);
    demandNothingLeft();
  }

  @Test
  void whatIsFetchedGoesIntoThePoolThatIsNamedAndNowhereElse() throws Exception {
    beta.pools.add(beta.pool("slow", ByteSize.ofGibibytes(1)));
    beta.restart();
    Optional<PoolName> slow = Optional.of(new PoolName("slow"));
    Optional<PoolName> fast = Optional.of(new PoolName("fast"));
    assertThatThrownBy(() -> beta.storage.mounts().mount(ADMIN, FIRST, Optional.empty(), Optional.of(new PoolName("none"))))
        .isInstanceOf(VolumeException.NotFound.class).hasMessageContaining("there is no pool none");
    Answer.Fetching fetching = (Answer.Fetching) beta.storage.mounts().mount(ADMIN, FIRST, Optional.empty(), slow);
    assertThat(beta.storage.jobs().await(fetching.job().id(), Host.LONG).orElseThrow().state()).isEqualTo(Job.State.DONE);
    assertThatThrownBy(() -> beta.storage.mounts().mount(ADMIN, FIRST, Optional.empty(), fast)).isInstanceOf(VolumeException.AlreadyExists.class)
        .hasMessageContaining("fetched into pool slow already");
    Path path = ((Answer.Mounted) beta.storage.mounts().mount(ADMIN, FIRST, Optional.empty(), slow)).path();
    assertThat(path.resolve("row")).hasContent("one");
    assertThat(beta.storage.pools().status(slow).chargedBytes()).isEqualTo(Host.SIZE.bytes());
    assertThat(beta.storage.pools().status(fast).chargedBytes()).isZero();
    beta.storage.mounts().unmount(ADMIN, FIRST);
    demandNothingLeft();
    assertThat(beta.storage.pools().status(slow).chargedBytes()).isZero();
    assertThatThrownBy(() -> alpha.storage.mounts().mount(DOCKER, SnapshotRef.parse("db@first"), Optional.empty(), slow))
        .isInstanceOf(VolumeException.InvalidArgument.class).hasMessageContaining("the snapshot is here, in pool fast");
  }

  @Test
  void whatIsFetchedCanBeCancelledByItsJob() throws Exception {
    link.set(Link.State.NO_PACKS);
    Answer.Fetching fetching = (Answer.Fetching) beta.storage.mounts().mount(ADMIN, FIRST, Optional.empty());
    Until.demand("it waits", Host.LONG, () -> beta.storage.jobs().find(fetching.job().id()).orElseThrow().state() == Job.State.WAITING);
    assertThat(beta.storage.jobs().cancel(ADMIN, fetching.job().id()).state()).isEqualTo(Job.State.FAILED);
    demandNothingLeft();
    assertThatThrownBy(() -> beta.storage.jobs().cancel(ADMIN, "none")).isInstanceOf(VolumeException.NotFound.class);
    beta.storage.volumes().create(DOCKER, Host.from("db", new CreateVolume.Source.OfSnapshot(FIRST)));
    Job restore = beta.storage.restores().begin(DOCKER, ref("db"));
    assertThatThrownBy(() -> beta.storage.jobs().cancel(ADMIN, restore.id())).isInstanceOf(VolumeException.InvalidArgument.class)
        .hasMessageContaining("moorage volume rm docker/db");
    link.set(Link.State.UP);
    assertThat(beta.storage.jobs().await(restore.id(), Host.LONG).orElseThrow().state()).isEqualTo(Job.State.DONE);
    assertThat(beta.storage.jobs().cancel(ADMIN, restore.id()).state()).as("it is over").isEqualTo(Job.State.DONE);
  }

  @Test
  void whatArrivedAndNobodyMountedIsDroppedAtTheNextStart() throws Exception {
    Answer.Fetching fetching = (Answer.Fetching) beta.storage.mounts().mount(ADMIN, FIRST, Optional.empty());
    assertThat(beta.storage.jobs().await(fetching.job().id(), Host.LONG).orElseThrow().state()).isEqualTo(Job.State.DONE);
    beta.storage.sweepNow();
    assertThat(PrivateCopy.all(beta.storagePools(), PrivateCopy.Purpose.MOUNT)).as("somebody may come for it").hasSize(1);
    beta.restart();
    demandNothingLeft();
  }

  @Test
  void theSameSnapshotIsMountedFromHereAndFromItsRepositoryWithoutConfusion() throws Exception {
    Path here = alpha.storage.snapshots().mount(DOCKER, SnapshotRef.parse("db@first"), Optional.empty());
    SnapshotRef remote = SnapshotRef.parse("vault:alpha/db@first");
    Answer.Fetching fetching = (Answer.Fetching) alpha.storage.mounts().mount(DOCKER, remote, Optional.empty());
    assertThat(alpha.storage.jobs().await(fetching.job().id(), Host.LONG).orElseThrow().state()).isEqualTo(Job.State.DONE);
    SnapshotRef byId = new SnapshotRef.ById(fetching.snapshot());
    Path fetched = ((Answer.Mounted) alpha.storage.mounts().mount(DOCKER, byId, Optional.empty())).path();
    assertThat(fetched).isNotEqualTo(here);
    assertThat(fetched.resolve("row")).hasContent("one");
    alpha.restart();
    assertThat(here.resolve("row")).hasContent("one");
    assertThat(alpha.storage.mounts().mount(DOCKER, SnapshotRef.parse("db@first"), Optional.empty())).isEqualTo(new Answer.Mounted(here));
    alpha.storage.mounts().unmount(DOCKER, SnapshotRef.parse("db@first"));
    assertThat(KernelState.mountsUnder(alpha.run())).as("the one that is here ended first").containsExactly(fetched);
    alpha.storage.mounts().unmount(DOCKER, remote);
    assertThat(KernelState.mountsUnder(alpha.run())).isEmpty();
  }

  @Test
  void noUserCanNameAPrivateCopyAsAVolume() throws Exception {
    Path path = mount(FIRST, Optional.empty());
    PrivateCopy copy = PrivateCopy.all(beta.storagePools(), PrivateCopy.Purpose.MOUNT).findFirst().orElseThrow();
    for (String name : new String[] {copy.volume().id().toString(), copy.volume().owner() + "/" + copy.volume().name(),
        copy.volume().name().value()}) {
      assertThat(beta.storage.volumes().find(ADMIN, ref(name))).as(name).isEmpty();
    }
    assertThatThrownBy(() -> beta.storage.volumes().create(ADMIN, Host.request(copy.volume().owner(), "x")))
        .isInstanceOf(VolumeException.InvalidArgument.class);
    assertThat(path).isDirectory();
    assertThat(beta.storage.volumes().list(Optional.of(new Owner("moorage.private")))).isEmpty();
    beta.storage.mounts().unmount(ADMIN, FIRST);
    demandNothingLeft();
  }
}
