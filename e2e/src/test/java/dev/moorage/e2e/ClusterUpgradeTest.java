package dev.moorage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testkit.DevScript;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The driver is replaced, and taken away: what pods and nodes notice. */
@Tag("cluster")
@ExtendWith(ClusterOfTheRun.class)
@ResourceLock(ClusterOfTheRun.LOCK)
final class ClusterUpgradeTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Cluster cluster;

  ClusterUpgradeTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void podsKeepTheirVolumesWhileTheDriverIsReplaced() throws IOException {
    try (ClusterNamespace upgrade = cluster.namespace("upgrade")) {
      upgrade.apply(Claim.of("data", "320Mi").ofClass("moorage-xfs").yaml(), Pod.of("writer").with("data")
          .running("while :; do echo x >> /data/log || exit 1; sleep 0.1; done").yaml());
      upgrade.awaitReady("writer");
      cluster.kubectl("-n", Cluster.SYSTEM, "rollout", "restart", "daemonset/moorage-node", "deployment/moorage-controller");
      long before = lines(upgrade);
      cluster.awaitDrivers();
      cluster.kubectl("-n", Cluster.SYSTEM, "rollout", "status", "deployment/moorage-controller", "--timeout=120s");
      cluster.await("it writes on", PATIENCE, () -> lines(upgrade) > before);
      assertThat(upgrade.field("pod/writer", ".status.containerStatuses[0].restartCount")).isEqualTo("0");
      upgrade.kubectl("patch", "pvc", "data", "-p", "{\"spec\": {\"resources\": {\"requests\": {\"storage\": \"400Mi\"}}}}");
      upgrade.awaitField("pvc/data", ".status.capacity.storage", "400Mi");
      upgrade.delete("pod/writer");
    }
  }

  private static long lines(ClusterNamespace upgrade) throws IOException {
    return Long.parseLong(upgrade.sh("writer", "wc -l < /data/log"));
  }

  @Test
  void whenTheDriverIsUninstalledNothingButThePoolsIsLeft() throws IOException {
    try {
      cluster.kubectl("delete", "-k", DevScript.repository().resolve("dev.d/cluster/overlay").toString(), "--timeout=120s");
      cluster.kubectl("delete", "namespace", Cluster.SYSTEM, "--ignore-not-found", "--timeout=120s");
      assertThat(cluster.kubectl("get", "csidrivers,storageclasses,clusterroles,clusterrolebindings,leases,csistoragecapacities", "-A", "-o", "name")
          .lines().filter(each -> each.contains("moorage"))).isEmpty();
      for (int node : List.of(1, 2)) {
        cluster.await("nothing is left on node-" + node, PATIENCE, () -> cluster.leftOnNode(node).isEmpty());
        assertThat(cluster.onNode(node, "ls", "/var/lib/moorage/default")).contains("pool.json");
      }
    } finally {
      cluster.deploy();
    }
    try (ClusterNamespace again = cluster.namespace("again")) {
      again.apply(Claim.of("data", "64Mi").yaml(), Pod.of("pod").with("data").yaml());
      again.awaitReady("pod");
    }
  }
}
