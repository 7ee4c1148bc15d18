package dev.moorage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A node and its disk are gone for good: docs/kubernetes.md, "A node that is gone for good", word by word. */
@Tag("cluster")
@ExtendWith(ClusterOfTheRun.class)
@ResourceLock(ClusterOfTheRun.LOCK)
final class ClusterLostNodeTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String READY = ".status.readyToUse";

  private final Cluster cluster;

  ClusterLostNodeTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void itsClaimsAreFreedAndComeBackOnAnotherNodeFromTheirLastRemoteSnapshots() throws IOException {
    try (ClusterNamespace lost = cluster.namespace("lost")) {
      lost.apply(Claim.of("data", "64Mi").yaml(), Pod.of("pod").with("data").on("node-1").yaml());
      lost.awaitReady("pod");
      lost.sh("pod", "echo kept > /data/file && sync");
      lost.apply(Snapshot.of("data", "remote", "remote-delete"), Snapshot.of("data", "local", "local-delete"));
      lost.awaitField("volumesnapshot/remote", READY, "true");
      lost.awaitField("volumesnapshot/local", READY, "true");
      cluster.killNode(1);
      cluster.replaceDisk(1);
      theOthersGoOn(lost);
      cluster.kubectl("delete", "node", "node-1");
      cluster.kubectl("-n", Cluster.SYSTEM, "delete", "pods", "--field-selector=spec.nodeName=node-1", "--force", "--grace-period=0");
      cluster.kubectl("-n", Cluster.SYSTEM, "annotate", "configmap", "moorage-pools", "csi.moorage.dev/lost=node-1");
      cluster.await("the router has taken it down", PATIENCE, () -> cluster.kubectl("-n", Cluster.SYSTEM, "get", "configmap", "moorage-pools",
          "-o", "jsonpath={.data}").contains("node-1 (lost)"));
      lost.kubectl("delete", "pod", "pod", "--ignore-not-found", "--force", "--grace-period=0");
      lost.delete("pvc/data", "volumesnapshot/local");
      lost.apply(Claim.of("data", "64Mi").fromSnapshot("remote").yaml(), Pod.of("pod").with("data").yaml());
      lost.awaitReady("pod");
      assertThat(lost.field("pod/pod", ".spec.nodeName")).isEqualTo("node-2");
      assertThat(lost.sh("pod", "cat /data/file")).isEqualTo("kept");
      lost.delete("volumesnapshot/remote");
    }
  }

  /** Before anybody has said that it is lost. */
  private static void theOthersGoOn(ClusterNamespace lost) throws IOException {
    lost.apply(Claim.of("other", "64Mi").yaml(), Pod.of("other").with("other").on("node-2").yaml());
    lost.awaitReady("other");
    lost.apply(Snapshot.of("other", "other", "local-delete"));
    lost.awaitField("volumesnapshot/other", READY, "true");
    lost.apply(Claim.of("early", "64Mi").fromSnapshot("remote").yaml(), Pod.of("early").with("early").on("node-2").yaml());
    lost.awaitReady("early");
    assertThat(lost.sh("early", "cat /early/file")).isEqualTo("kept");
  }

  /** Another machine takes its place and its name. */
  @AfterEach
  void bringAnotherInItsPlace() throws IOException {
    cluster.startNode(1);
    cluster.watch("node-1 is there", PATIENCE, List.of("wait", "node/node-1", "--for=create"));
    cluster.watch("node-1 is ready", PATIENCE, List.of("wait", "node/node-1", "--for=condition=Ready"));
    cluster.awaitDrivers();
    try (ClusterNamespace anew = cluster.namespace("anew")) {
      anew.apply(Claim.of("data", "64Mi").yaml(), Pod.of("pod").with("data").on("node-1").yaml());
      anew.awaitReady("pod");
    }
  }
}
