package dev.moorage.storage;

import static dev.moorage.storage.Host.ADMIN;
import static dev.moorage.storage.Host.DOCKER;
import static dev.moorage.storage.Host.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.linux.Mounts;
import dev.moorage.process.Command;
import dev.moorage.testkit.KernelState;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.volume.Access;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.Owner;
import dev.moorage.volume.Volume;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Goal: the reference rule, one device per volume, and the device deciding about use. Method: mounts as dockerd asks for them, with a
 * process in a mount namespace of its own in place of the container.
 */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class PublicationsTest {

  private Host host;

  @BeforeEach
  void open() throws VolumeException {
    host = new Host();
  }

  @AfterEach
  void close() throws VolumeException {
    host.close();
  }

  private List<Path> stages() {
    return KernelState.mountsUnder(host.run());
  }

  @Test
  void aFirstMountShowsAnEmptyRootAsDockersOwnDriverMakesIt() throws Exception {
    host.create("db");
    Path path = host.mount("db", "c1");
    try (var entries = Files.list(path)) {
      assertThat(entries).isEmpty();
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path))).isEqualTo("rwxr-xr-x");
    assertThat(host.storage.publications().mountPoint(host.storage.volumes().find(DOCKER, ref("db")).orElseThrow().id())).contains(path);
    host.unmount("db", "c1");
    assertThat(stages()).isEmpty();
    assertThat(path).doesNotExist();
  }

  @Test
  void severalConsumersShareOneMountAndTheLastOneReleasesIt() throws Exception {
    host.create("db");
    Path first = host.mount("db", "c1");
    assertThat(host.mount("db", "c2")).isEqualTo(first);
    assertThat(stages()).hasSize(1);
    host.unmount("db", "c1");
    assertThat(stages()).hasSize(1);
    host.unmount("db", "unknown");
    assertThat(stages()).hasSize(1);
    host.unmount("db", "c2");
    assertThat(stages()).isEmpty();
  }

  @Test
  void anIdThatMountsTwiceUnmountsTwice() throws Exception {
    host.create("db");
    host.mount("db", "c1");
    host.mount("db", "c1");
    host.unmount("db", "c1");
    assertThat(stages()).hasSize(1);
    host.unmount("db", "c1");
    assertThat(stages()).isEmpty();
  }

  @Test
  void eightConsumersAtOnceGetOneDevice() throws Exception {
    Volume volume = host.create("db");
    List<Callable<Path>> mounts = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String id = "c" + i;
      mounts.add(() -> host.mount("db", id));
    }
    Set<Path> paths = new HashSet<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Path> path : callers.invokeAll(mounts)) {
        paths.add(path.get());
      }
    }
    assertThat(paths).hasSize(1);
    assertThat(stages()).hasSize(1);
    assertThat(KernelState.loopsUnder(host.pools.getFirst().root())).hasSize(1);
    assertThat(host.storage.volumes().status(DOCKER, new VolumeRef.ById(volume.id())).consumers()).isEqualTo(8);
    for (int i = 0; i < 8; i++) {
      host.unmount("db", "c" + i);
    }
    assertThat(stages()).isEmpty();
  }

  @Test
  void referencesAndMountsOutliveTheService() throws Exception {
    host.create("db");
    Path path = host.mount("db", "c1");
    Files.writeString(path.resolve("row"), "1");
    host.restart();
    assertThat(path.resolve("row")).hasContent("1");
    assertThat(host.mount("db", "c2")).isEqualTo(path);
    assertThat(stages()).hasSize(1);
    host.unmount("db", "c1");
    assertThat(stages()).hasSize(1);
    host.unmount("db", "c2");
    assertThat(stages()).isEmpty();
  }

  @Test
  void aContainerKeepsItsVolumeWhateverTheEngineForgets() throws Exception {
    host.create("db");
    Path path = host.mount("db", "c1");
    try (Container container = Container.on(path)) {
      assertThat(container).isNotNull();
      // The engine restarts with live-restore, which sends nothing; then docker cp mounts and unmounts with the container's own id.
      host.storage.publications().newDockerEpoch();
      host.mount("db", "c1");
      host.unmount("db", "c1");
      assertThat(stages()).as("one reference is left: that of the container").hasSize(1);
      assertThatThrownBy(() -> host.storage.volumes().remove(DOCKER, ref("db"))).isInstanceOf(VolumeException.InUse.class);
      host.unmount("db", "c1");
      assertThat(stages()).as("no reference is left, but the device is in use").hasSize(1);
      assertThatThrownBy(() -> host.storage.volumes().remove(DOCKER, ref("db"))).isInstanceOf(VolumeException.InUse.class);
      host.restart();
      assertThat(stages()).hasSize(1);
      assertThat(KernelState.loopsUnder(host.pools.getFirst().root())).hasSize(1);
    }
    host.restart();
    assertThat(stages()).as("nobody uses it any more").isEmpty();
    assertThat(host.mount("db", "c2").resolve("done")).hasContent("done\n");
    host.unmount("db", "c2");
  }

  @Test
  void afterAnEngineCrashTheOldIdCountsAnewWhenItsContainerIsDead() throws Exception {
    host.create("db");
    host.mount("db", "c1");
    host.mount("db", "c1");
    host.storage.publications().newDockerEpoch();
    host.mount("db", "c1");
    host.unmount("db", "c1");
    assertThat(stages()).isEmpty();
  }

  @Test
  void dockerRemovesAVolumeWithStaleReferencesAndAnybodyElseDoesNot() throws Exception {
    host.create("db");
    host.mount("db", "c1");
    assertThatThrownBy(() -> host.storage.volumes().remove(ADMIN, ref("docker/db")))
        .isInstanceOf(VolumeException.InUse.class).hasMessageContaining("one container or pod uses it");
    host.storage.volumes().remove(DOCKER, ref("db"));
    assertThat(stages()).isEmpty();
  }

  @Test
  void theSweepDropsReferencesOfAnEngineThatForgotThem() throws Exception {
    host.create("db");
    host.create("web");
    host.mount("db", "c1");
    Path web = host.mount("web", "c2");
    try (Container container = Container.on(web)) {
      assertThat(container).isNotNull();
      host.storage.publications().newDockerEpoch();
      host.storage.sweepNow();
      assertThat(stages()).containsExactly(web);
    }
    host.storage.sweepNow();
    assertThat(stages()).isEmpty();
  }

  @Test
  void aStageThatAProcessOfTheHostUsesIsReleasedLater() throws Exception {
    host.create("db");
    Path path = host.mount("db", "c1");
    try (var open = Files.newInputStream(Files.writeString(path.resolve("row"), "1"))) {
      assertThat(open.read()).isEqualTo('1');
      host.unmount("db", "c1");
      assertThat(stages()).hasSize(1);
      assertThat(host.storage.volumes().status(DOCKER, ref("db")).lastError()).isPresent();
      host.storage.sweepNow();
      assertThat(stages()).hasSize(1);
    }
    host.storage.sweepNow();
    assertThat(stages()).isEmpty();
  }

  @Test
  void aStageThatVanishedIsMadeAgain() throws Exception {
    host.create("db");
    Path path = host.mount("db", "c1");
    Mounts.unmount(path);
    assertThat(host.mount("db", "c2")).isEqualTo(path);
    assertThat(stages()).hasSize(1);
    host.unmount("db", "c1");
    host.unmount("db", "c2");
    assertThat(stages()).isEmpty();
  }

  @Test
  void aLostReferenceTableLosesNobodysMount() throws Exception {
    host.create("db");
    Path path = host.mount("db", "c1");
    try (Container container = Container.on(path)) {
      assertThat(container).isNotNull();
      host.storage.close();
      try (var files = Files.walk(path.resolve("../../references").normalize())) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Files.delete(file);
        }
      }
      host.storage = Storage.open(host.settings(), host.telemetry);
      assertThat(stages()).hasSize(1);
      host.unmount("db", "c1");
      assertThat(stages()).hasSize(1);
    }
    host.storage.sweepNow();
    assertThat(stages()).isEmpty();
  }

  @Test
  void rawAccessIsADirectoryWithADeviceThatCanBeWritten() throws Exception {
    CreateVolume raw = new CreateVolume(Owner.DOCKER, new VolumeName("raw"), Optional.empty(), Optional.empty(), Optional.empty(),
        Optional.of(Access.BLOCK), Optional.empty(), false, new CreateVolume.Source.None(), List.of(), Map.of());
    Volume volume = host.storage.volumes().create(DOCKER, raw);
    Path path = host.mount("raw", "c1");
    try (var device = Files.newByteChannel(path.resolve("device"), java.nio.file.StandardOpenOption.READ)) {
      assertThat(device.size()).isEqualTo(volume.spec().size().bytes());
      host.unmount("raw", "c1");
      assertThatThrownBy(() -> host.storage.volumes().remove(DOCKER, ref("raw"))).isInstanceOf(VolumeException.InUse.class);
    }
    host.restart();
    assertThat(stages()).isEmpty();
    host.storage.volumes().remove(DOCKER, ref("raw"));
  }

  /** As the kubelet does it for every raw device of a pod; when its mounts go at the wrong moment, this stays behind. */
  @Test
  void whoHasBoundALoopDeviceToARawDeviceIsNamedWhenItsVolumeCannotGo() throws Exception {
    host.storage.volumes().create(DOCKER, new CreateVolume(Owner.DOCKER, new VolumeName("raw"), Optional.empty(), Optional.empty(),
        Optional.empty(), Optional.of(Access.BLOCK), Optional.empty(), false, new CreateVolume.Source.None(), List.of(), Map.of()));
    String device = host.mount("raw", "c1").resolve("device").toString();
    String above = Command.of("unshare", "--mount", "losetup", "--find", "--show", device).run().strip();
    try {
      host.unmount("raw", "c1");
      host.storage.snapshots().create(DOCKER, ref("raw"), Optional.of(new SnapshotName("before")));
      for (ThrowingCallable refused : List.<ThrowingCallable>of(() -> host.storage.volumes().remove(DOCKER, ref("raw")),
          () -> host.storage.volumes().rollback(DOCKER, SnapshotRef.parse("raw@before")))) {
        assertThatThrownBy(refused).isInstanceOf(VolumeException.InUse.class)
            .hasMessageContaining("held by " + above + ",").hasMessageContaining("losetup --detach " + above);
      }
    } finally {
      Command.of("losetup", "--detach", above).run();
    }
    host.storage.volumes().remove(DOCKER, ref("raw"));
    assertThat(stages()).isEmpty();
  }

  @Test
  void directoryVolumesAreBoundAndTheirUsersAreSeen() throws Exception {
    CreateVolume tree = new CreateVolume(Owner.DOCKER, new VolumeName("tree"), Optional.empty(), Optional.of(BackendKind.DIRECTORY),
        Optional.empty(), Optional.empty(), Optional.empty(), false, new CreateVolume.Source.None(), List.of(), Map.of());
    assertThat(host.storage.volumes().create(DOCKER, tree).spec().backend()).isEqualTo(BackendKind.DIRECTORY);
    Path path = host.mount("tree", "c1");
    try (Container container = Container.on(path)) {
      assertThat(container).isNotNull();
      host.unmount("tree", "c1");
      assertThatThrownBy(() -> host.storage.volumes().remove(DOCKER, ref("tree"))).isInstanceOf(VolumeException.InUse.class);
    }
    assertThat(host.mount("tree", "c2").resolve("done")).hasContent("done\n");
    host.unmount("tree", "c2");
    assertThat(stages()).isEmpty();
    host.storage.volumes().remove(DOCKER, ref("tree"));
  }

  @Test
  void aPathOfAPodCountsOnce() throws Exception {
    host.create("db");
    Consumer pod = new Consumer.CsiPath(Path.of("/var/lib/kubelet/pods/1"));
    Path path = host.storage.publications().mount(DOCKER, ref("db"), pod);
    assertThat(host.storage.publications().mount(DOCKER, ref("db"), pod)).isEqualTo(path);
    host.storage.publications().newDockerEpoch();
    host.storage.sweepNow();
    assertThat(stages()).hasSize(1);
    host.storage.publications().unmount(DOCKER, ref("db"), pod);
    assertThat(stages()).isEmpty();
  }
}
