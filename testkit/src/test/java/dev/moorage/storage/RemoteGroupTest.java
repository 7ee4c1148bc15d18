package dev.moorage.storage;

import static dev.moorage.storage.Host.DOCKER;
import static dev.moorage.storage.Host.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.repository.Repository;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.testkit.KernelState;
import dev.moorage.testkit.KilledAt;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.TestDisk;
import dev.moorage.testkit.objectstore.ModelObjectStore;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Goal: one cut over several volumes is one cut on another host too, and is whole in the repository whatever was killed on the way. */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class RemoteGroupTest {

  private static final List<VolumeRef> BOTH = List.of(ref("a"), ref("b"));

  /** Counts in both, first in {@code a}, until it is stopped. */
  private static void increment(Path a, Path b, AtomicBoolean stop, CountDownLatch begun) {
    try (FileChannel first = FileChannel.open(a.resolve("count"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileChannel second = FileChannel.open(b.resolve("count"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = 1; !stop.get(); i++) {
        byte[] text = "%08d".formatted(i).getBytes(StandardCharsets.US_ASCII);
        assertThat(first.write(ByteBuffer.wrap(text), 0) + second.write(ByteBuffer.wrap(text), 0)).isEqualTo(16);
        begun.countDown();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int count(Host host, String name) throws Exception {
    int count = Integer.parseInt(Files.readString(host.mount(name, "r").resolve("count")));
    host.unmount(name, "r");
    return count;
  }

  private static List<Uploads.Begun> upload(Host host, String name) throws Exception {
    List<Uploads.Begun> begun = host.storage.uploads().createGroup(DOCKER, BOTH, new SnapshotName(name), Destination.to(SharedStore.NAME));
    for (Uploads.Begun each : begun) {
      assertThat(host.storage.jobs().await(each.job().id(), Host.LONG).orElseThrow().state()).isEqualTo(Job.State.DONE);
    }
    return begun;
  }

  @Test
  void aGroupThatIsCutUnderLoadIsOnePointInTimeOnAnotherHost() throws Exception {
    SharedStore shared = SharedStore.create(new ModelObjectStore());
    try (Host alpha = new Host("alpha", shared.source()); Host beta = new Host("beta", shared.source())) {
      alpha.create("a");
      alpha.create("b");
      Path a = alpha.mount("a", "w");
      Path b = alpha.mount("b", "w");
      AtomicBoolean stop = new AtomicBoolean();
      CountDownLatch writing = new CountDownLatch(100);
      Thread writer = Thread.ofPlatform().start(() -> increment(a, b, stop, writing));
      List<Uploads.Begun> begun;
      try {
        assertThat(writing.await(20, TimeUnit.SECONDS)).isTrue();
        begun = upload(alpha, "cut");
      } finally {
        stop.set(true);
        writer.join();
      }
      assertThat(upload(alpha, "cut")).as("the same again").extracting(Uploads.Begun::snapshot).extracting(each -> each.id())
          .isEqualTo(begun.stream().map(each -> each.snapshot().id()).toList());
      assertThatThrownBy(() -> alpha.storage.uploads().createGroup(DOCKER, BOTH, new SnapshotName("x"), Destination.to("none")))
          .isInstanceOf(VolumeException.NotFound.class);
      alpha.unmount("a", "w");
      alpha.unmount("b", "w");
      demandGroup(shared, begun.getFirst().snapshot().group().orElseThrow().toString());
      List<Integer> counts = new ArrayList<>();
      for (String name : List.of("a", "b")) {
        beta.storage.volumes().create(DOCKER, Host.from(name, new CreateVolume.Source.OfSnapshot(SnapshotRef.parse("alpha/" + name + "@cut"))));
        counts.add(count(beta, name));
      }
      assertThat(counts.getFirst() - counts.getLast()).as("%s", counts).isBetween(0, 1);
      assertThat(counts.getLast()).isPositive();
    }
  }

  @Test
  void oneRequestMakesAVolumeOfEachMemberOrNothingAtAll() throws Exception {
    SharedStore shared = SharedStore.create(new ModelObjectStore());
    try (Host alpha = new Host("alpha", shared.source()); Host beta = new Host("beta", shared.source())) {
      alpha.create("a");
      alpha.create("b");
      upload(alpha, "cut");
      alpha.storage.snapshots().create(DOCKER, ref("a"), Optional.of(new SnapshotName("alone")));
      SnapshotRef member = SnapshotRef.parse("alpha/b@cut");
      beta.create("b");
      assertThatThrownBy(() -> beta.storage.volumes().createGroup(DOCKER, group(member, ""))).isInstanceOf(VolumeException.AlreadyExists.class)
          .hasMessageContaining("there is a volume docker/b already");
      assertThat(beta.storage.volumes().list(Optional.empty())).as("nothing was made").hasSize(1);
      List<Volume> made = beta.storage.volumes().createGroup(DOCKER, group(member, "re-"));
      assertThat(made).extracting(each -> each.name().value()).containsExactlyInAnyOrder("re-a", "re-b");
      assertThat(beta.storage.volumes().createGroup(DOCKER, group(member, "re-"))).as("the same again").extracting(Volume::id)
          .isEqualTo(made.stream().map(Volume::id).toList());
      for (Volume each : made) {
        assertThat(beta.mount(each.name().value(), "r")).isDirectory();
        beta.unmount(each.name().value(), "r");
      }
      assertThat(alpha.storage.volumes().createGroup(DOCKER, group(SnapshotRef.parse("a@cut"), "local-")))
          .extracting(each -> each.name().value()).containsExactlyInAnyOrder("local-a", "local-b");
      assertThatThrownBy(() -> alpha.storage.volumes().createGroup(DOCKER, group(SnapshotRef.parse("a@alone"), "x-")))
          .isInstanceOf(VolumeException.InvalidArgument.class).hasMessageContaining("cut alone");
      assertThatThrownBy(() -> beta.storage.volumes().createGroup(DOCKER, group(member, "/"))).isInstanceOf(VolumeException.InvalidArgument.class);
      alpha.storage.uploads().forget(DOCKER, SnapshotRef.parse("vault:alpha/a@cut"));
      assertThatThrownBy(() -> beta.storage.volumes().createGroup(DOCKER, group(member, "y-"))).isInstanceOf(VolumeException.NotFound.class)
          .hasMessageContaining("has 1 of its 2 members, b@cut");
      alpha.storage.snapshots().remove(DOCKER, SnapshotRef.parse("a@cut"));
      assertThatThrownBy(() -> alpha.storage.volumes().createGroup(DOCKER, group(SnapshotRef.parse("b@cut"), "z-")))
          .isInstanceOf(VolumeException.NotFound.class).hasMessageContaining("moorage snapshot undo docker/a@cut");
    }
  }

  private static CreateGroup group(SnapshotRef member, String prefix) {
    return new CreateGroup(member, Optional.empty(), prefix, Optional.empty());
  }

  private static void demandGroup(SharedStore shared, String group) throws Exception {
    try (Repository repository = shared.open()) {
      List<SnapshotEntry> entries = repository.snapshots();
      assertThat(entries).extracting(SnapshotEntry::label).containsExactlyInAnyOrder("a@cut", "b@cut");
      assertThat(entries).allSatisfy(entry -> {
        assertThat(entry.origin().group()).contains(group);
        assertThat(entry.spec()).containsEntry("groupMembers", "2");
      });
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CUT_GROUP_DECIDED", "CUT_ALL_IN_PLACE", "UPLOAD_HELD", "JOB_RECORDED", "UPLOAD_COMMITTED"})
  void aKillLosesNoMemberAndTheSameRequestFinishesTheGroup(Failpoint failpoint) throws Exception {
    try (TestDisk disk = TestDisk.make(TestDisk.Kind.XFS, ByteSize.ofGibibytes(2))) {
      Path directory = disk.directory();
      Path diary = Files.createFile(directory.resolve("diary"));
      assertThat(KilledAt.failpoint(failpoint, 1, GroupSteps.class, directory.toString(), diary.toString())).isTrue();
      try (Storage storage = UploadSteps.open(directory)) {
        GroupSteps steps = new GroupSteps(storage);
        steps.run(Files.readAllLines(diary).size(), () -> { });
        steps.letGo();
        List<SnapshotEntry> remote = UploadSteps.vault(directory).repository().snapshots();
        assertThat(remote).extracting(SnapshotEntry::label).containsExactlyInAnyOrder("a@cut", "b@cut");
        assertThat(remote.stream().map(each -> each.origin().group()).distinct()).hasSize(1);
      }
      assertThat(KernelState.loopsUnder(directory)).isEmpty();
    }
  }
}
