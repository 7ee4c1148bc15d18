package dev.moorage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Volumes as users of Kubernetes meet them. */
@Tag("cluster")
@ExtendWith(ClusterOfTheRun.class)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(value = ClusterOfTheRun.LOCK, mode = ResourceAccessMode.READ)
final class ClusterVolumesTest {

  private final Cluster cluster;

  ClusterVolumesTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void aPodKeepsItsFilesInAVolume() throws IOException {
    try (ClusterNamespace files = cluster.namespace("files")) {
      files.apply(Claim.of("data", "64Mi").yaml(), Pod.of("first").with("data").yaml());
      files.awaitReady("first");
      files.sh("first", "test -z \"$(ls -A /data)\" && echo kept > /data/file && sync");
      files.delete("pod/first");
      files.apply(Pod.of("second").with("data").yaml());
      files.awaitReady("second");
      assertThat(files.sh("second", "cat /data/file")).isEqualTo("kept");
    }
  }

  @Test
  void aPodKeepsItsBytesInARawDevice() throws IOException {
    try (ClusterNamespace raw = cluster.namespace("raw")) {
      raw.apply(Claim.of("disk", "64Mi").rawBlock().yaml(), Pod.of("first").withDevice("disk").yaml());
      raw.awaitReady("first");
      assertThat(raw.sh("first", "blockdev --getsize64 /dev/disk")).isEqualTo("67108864");
      raw.sh("first", "echo kept | dd of=/dev/disk bs=4096 seek=16000 conv=sync,fsync 2> /dev/null");
      raw.delete("pod/first");
      raw.apply(Pod.of("second").withDevice("disk").yaml());
      raw.awaitReady("second");
      assertThat(raw.sh("second", "dd if=/dev/disk bs=4096 skip=16000 count=1 2> /dev/null | head -n 1")).isEqualTo("kept");
    }
  }

  @Test
  void aCloneHasTheFilesOfItsOriginalAndGoesItsOwnWay() throws IOException {
    try (ClusterNamespace clones = cluster.namespace("clones")) {
      clones.apply(Claim.of("original", "64Mi").yaml(), Pod.of("one").with("original").yaml());
      clones.awaitReady("one");
      clones.sh("one", "echo before > /original/file && sync");
      clones.apply(Claim.of("copy", "64Mi").clone("original").yaml(), Pod.of("two").with("copy")
          .on(clones.field("pod/one", ".spec.nodeName")).yaml());
      clones.awaitReady("two");
      assertThat(clones.sh("two", "cat /copy/file")).isEqualTo("before");
      clones.sh("two", "echo after > /copy/file && sync");
      assertThat(clones.sh("one", "cat /original/file")).isEqualTo("before");
    }
  }

  /** XFS, because the kernel grows a mounted ext4 only for who has a capability that machines for tests often lack. */
  @Test
  void aVolumeGrowsUnderThePodThatWritesToIt() throws IOException {
    try (ClusterNamespace growth = cluster.namespace("growth")) {
      growth.apply(Claim.of("data", "320Mi").ofClass("moorage-xfs").yaml(), Claim.of("disk", "64Mi").rawBlock().yaml(),
          Pod.of("writer").with("data").withDevice("disk").running("while :; do date >> /data/log; sleep 0.1; done").yaml());
      growth.awaitReady("writer");
      growth.kubectl("patch", "pvc", "data", "disk", "-p", "{\"spec\": {\"resources\": {\"requests\": {\"storage\": \"512Mi\"}}}}");
      growth.awaitField("pvc/data", ".status.capacity.storage", "512Mi");
      growth.awaitField("pvc/disk", ".status.capacity.storage", "512Mi");
      assertThat(Long.parseLong(growth.sh("writer", "df -m /data | awk 'END { print $2 }'"))).isGreaterThan(400);
      cluster.await("the device has grown inside the pod", Duration.ofSeconds(30),
          () -> growth.sh("writer", "blockdev --getsize64 /dev/disk").equals("536870912"));
      assertThat(growth.field("pod/writer", ".status.containerStatuses[0].restartCount")).isEqualTo("0");
    }
  }

  @Test
  void anEphemeralVolumeGoesWithItsPod() throws IOException {
    try (ClusterNamespace brief = cluster.namespace("brief")) {
      brief.apply(Pod.of("pod").withEphemeral("scratch", "64Mi").yaml());
      brief.awaitReady("pod");
      brief.sh("pod", "echo x > /scratch/file");
      brief.delete("pod/pod");
      cluster.await("its claim is gone", Duration.ofMinutes(1), () -> brief.kubectl("get", "pvc", "-o", "name").isEmpty());
    }
  }

  @Test
  void aClaimLargerThanEveryPoolStaysPendingAndSaysWhy() throws IOException {
    try (ClusterNamespace large = cluster.namespace("large")) {
      large.apply(Claim.of("data", "100Gi").yaml(), Pod.of("pod").with("data").yaml());
      large.awaitEvent("pod", "did not have enough free storage");
      assertThat(large.field("pvc/data", ".status.phase")).isEqualTo("Pending");
    }
  }

  /** The pool of node-1 has 16 GiB, that of node-2 has 10 GiB. */
  @Test
  void aPodGoesToTheNodeWhosePoolHasRoomForItsVolume() throws IOException {
    try (ClusterNamespace room = cluster.namespace("room")) {
      room.apply(Claim.of("data", "11Gi").yaml(), Pod.of("pod").with("data").yaml());
      room.awaitReady("pod");
      assertThat(room.field("pod/pod", ".spec.nodeName")).isEqualTo("node-1");
      room.apply(Claim.of("more", "11Gi").yaml(), Pod.of("late").with("more").yaml());
      room.awaitEvent("late", "did not have enough free storage");
      room.delete("pod/pod", "pod/late", "pvc/data");
      // What the deleted volume occupied is free again, and the scheduler learns it.
      room.apply(Pod.of("later").with("more").yaml());
      room.awaitReady("later");
    }
  }
}
