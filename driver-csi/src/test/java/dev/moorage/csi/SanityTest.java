package dev.moorage.csi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.linux.Mounts;
import dev.moorage.storage.PoolStatus;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.volume.BackendKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Goal: csi-sanity passes, with no case left out that our capabilities do not explain. It is silent on what it leaves out, so the number of
 * cases that ran is demanded: 77 of 95 with snapshots (18 are of ControllerPublish and
 * ControllerModify).
 */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class SanityTest {

  private static final int WITH_SNAPSHOTS = 77;
  private static final int WITHOUT_SNAPSHOTS = 55;

  /** Once, or eight runs would build it side by side. */
  @BeforeAll
  static void build() throws IOException {
    Sanity.build();
  }

  private static String run(Cluster node, String name, String... more) throws IOException {
    return Sanity.run(node.directory().resolve("csi.sock"), node.directory().resolve(name), more);
  }

  private static void demandRan(String output, int cases) {
    assertThat(Sanity.ran(output)).as(output).isEqualTo(cases);
  }

  /** What it made, it also deleted; only the trash may hold volumes. */
  private static void demandNothingLeft(Cluster node) throws IOException {
    assertThat(node.storage.volumes().list(Optional.empty())).isEmpty();
    assertThat(Mounts.table()).noneMatch(mount -> mount.target().startsWith(node.directory()));
    assertThat(node.storage.pools().list()).extracting(PoolStatus::volumes).containsOnly(0);
  }

  @Test
  void filesystemsPass() throws Exception {
    try (Cluster node = new Cluster("node-1")) {
      demandRan(run(node, "a"), WITH_SNAPSHOTS);
      demandNothingLeft(node);
    }
  }

  @Test
  void rawDevicesPass() throws Exception {
    try (Cluster node = new Cluster("node-1")) {
      demandRan(run(node, "a", "--csi.testvolumeaccesstype=block"), WITH_SNAPSHOTS);
      demandNothingLeft(node);
    }
  }

  @Test
  void directoriesPassInWhatTheyDeclare() throws Exception {
    try (Cluster node = new Cluster("node-1", List.of(BackendKind.DIRECTORY))) {
      demandRan(run(node, "a"), WITHOUT_SNAPSHOTS);
      demandNothingLeft(node);
    }
  }

  /** Cases that count what there is are left out, for the runs see each other's volumes. */
  @Test
  void eightRunsAtOncePassAgainstOneDriver() throws Exception {
    try (Cluster node = new Cluster("node-1"); ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<String>> runs = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String name = "run" + i;
        runs.add(threads.submit(() -> run(node, name, "--ginkgo.skip=ListVolumes|ListSnapshots", "--ginkgo.seed=" + name.hashCode())));
      }
      for (Future<String> run : runs) {
        assertThat(run.get()).contains("SUCCESS!");
      }
      demandNothingLeft(node);
    }
  }
}
