package dev.moorage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A node loses its power and gets it back: containers, mounts and loop devices are gone, its disk is as it was. */
@Tag("cluster")
@ExtendWith(ClusterOfTheRun.class)
@ResourceLock(ClusterOfTheRun.LOCK)
final class ClusterRebootTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String READ = "cat /data/file; dd if=/dev/disk bs=4096 skip=16000 count=1 2> /dev/null | head -n 1";

  private final Cluster cluster;

  ClusterRebootTest(Cluster cluster) {
    this.cluster = cluster;
  }

  /** One pod is to run on afterwards, of another the end was asked for while the node was away. */
  @Test
  void itsPodsHaveTheirVolumesAgainAndWhatWasDeletedMeanwhileGoes() throws IOException {
    List<String> names;
    try (ClusterNamespace reboot = cluster.namespace("reboot", PATIENCE)) {
      reboot.apply(Claim.of("data", "64Mi").yaml(), Claim.of("disk", "64Mi").rawBlock().yaml(),
          Claim.of("left", "64Mi").yaml(), Claim.of("left-disk", "64Mi").rawBlock().yaml(),
          Pod.of("stays").with("data").withDevice("disk").on("node-1").yaml(),
          Pod.of("leaves").with("left").withDevice("left-disk").on("node-1").yaml());
      reboot.awaitReady("stays", "leaves");
      reboot.sh("stays", "echo file > /data/file; echo bytes | dd of=/dev/disk bs=4096 seek=16000 conv=sync,fsync 2> /dev/null; sync");
      names = cluster.volumesOf("reboot");
      cluster.killNode(1);
      try {
        assertThat(cluster.tracesOnNode(2, names)).as("what this machine keeps of a node without power").isEmpty();
        reboot.kubectl("delete", "pod/leaves", "pvc/left", "pvc/left-disk", "--wait=false");
      } finally {
        cluster.startNode(1);
      }
      reboot.awaitField("pod/stays", ".status.containerStatuses[0].restartCount", "1");
      reboot.awaitReady("stays");
      cluster.awaitDrivers();
      assertThat(reboot.sh("stays", READ).lines()).containsExactly("file", "bytes");
      cluster.await("what was deleted is gone", PATIENCE,
          () -> reboot.kubectl("get", "pod/leaves", "pvc/left", "pvc/left-disk", "--ignore-not-found").isEmpty());
      reboot.delete("pod/stays");
      reboot.apply(Pod.of("later").with("data").withDevice("disk").yaml());
      reboot.awaitReady("later");
      assertThat(reboot.sh("later", READ).lines()).containsExactly("file", "bytes");
    }
    cluster.await("nothing is left of them on node-1", PATIENCE, () -> cluster.tracesOnNode(1, names).isEmpty());
  }
}
