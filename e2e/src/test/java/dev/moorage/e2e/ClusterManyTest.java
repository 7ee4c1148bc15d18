package dev.moorage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Very many claims at once. Each is staged, published and written to; what costs this machine most, pods, are only ten. */
@Tag("cluster")
@ExtendWith(ClusterOfTheRun.class)
@ResourceLock(ClusterOfTheRun.LOCK)
final class ClusterManyTest {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final List<Integer> NODES = List.of(1, 2);
  private static final int PODS = 5;
  private static final int FILESYSTEMS = 8;
  private static final int DEVICES = 2;
  private static final int ALL = NODES.size() * PODS * (FILESYSTEMS + DEVICES);

  private final Cluster cluster;

  ClusterManyTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void aHundredClaimsComeAndGoAtOnceAndLeaveNothing() throws IOException {
    List<String> names = new ArrayList<>();
    try (ClusterNamespace many = cluster.namespace("many", PATIENCE)) {
      many.apply(NODES.stream().flatMap(node -> IntStream.range(0, PODS).boxed().flatMap(pod -> withClaims(node, pod))).toArray(String[]::new));
      many.awaitReady(pods());
      assertThat(many.kubectl("get", "pvc", "-o", "jsonpath={.items[*].status.phase}").split(" ")).hasSize(ALL).containsOnly("Bound");
      for (String pod : pods()) {
        many.sh(pod, "for each in /fs*; do echo kept > $each/file || exit; done; for each in /dev/raw*; do echo kept > $each || exit; done; sync");
      }
      names.addAll(cluster.volumesOf("many"));
      assertThat(names).hasSize(2 * ALL);
      for (int node : NODES) {
        assertThat(cluster.tracesOnNode(node, names)).as("what is to go from node-%s can be seen there", node).hasSizeGreaterThan(ALL);
      }
      many.delete("pods,pvc", "--all");
    }
    assertThat(cluster.volumesOf("many")).isEmpty();
    for (int node : NODES) {
      cluster.await("nothing is left of them on node-" + node, PATIENCE, () -> cluster.tracesOnNode(node, names).isEmpty());
    }
  }

  private static Stream<String> withClaims(int node, int number) {
    Pod pod = Pod.of(name(node, number)).on("node-" + node);
    List<String> manifests = new ArrayList<>();
    for (int i = 0; i < FILESYSTEMS + DEVICES; i++) {
      Claim claim = Claim.of((i < FILESYSTEMS ? "fs-" : "raw-") + name(node, number) + "-" + i, "16Mi");
      manifests.add(i < FILESYSTEMS ? claim.yaml() : claim.rawBlock().yaml());
      pod = i < FILESYSTEMS ? pod.with(claim.name()) : pod.withDevice(claim.name());
    }
    manifests.add(pod.yaml());
    return manifests.stream();
  }

  private static String name(int node, int number) {
    return "pod-" + node + "-" + number;
  }

  private static String[] pods() {
    return NODES.stream().flatMap(node -> IntStream.range(0, PODS).mapToObj(pod -> name(node, pod))).toArray(String[]::new);
  }
}
