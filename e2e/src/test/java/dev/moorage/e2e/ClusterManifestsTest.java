package dev.moorage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testkit.DevScript;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way to install the driver is one that a real API server takes, to the last field; and what each overlay is for is in it. */
@Tag("cluster")
@ExtendWith(ClusterOfTheRun.class)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(value = ClusterOfTheRun.LOCK, mode = ResourceAccessMode.READ)
final class ClusterManifestsTest {

  private final Cluster cluster;

  ClusterManifestsTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @ParameterizedTest
  @ValueSource(strings = {"base", "snapshot-controller", "overlays/s3", "overlays/one-node"})
  void theyAreAccepted(String manifests) throws IOException {
    accepted(manifests);
  }

  /** Nothing is changed by it: the driver that runs goes on. */
  private String accepted(String manifests) throws IOException {
    Path directory = DevScript.repository().resolve("manifests").resolve(manifests);
    String rendered = cluster.kubectl("kustomize", directory.toString());
    long objects = rendered.lines().filter(line -> line.startsWith("kind: ")).count();
    assertThat(cluster.kubectl("apply", "--dry-run=server", "-k", directory.toString()).lines()).hasSize((int) objects)
        .allMatch(line -> line.endsWith(" (server dry run)"));
    return rendered;
  }

  @Test
  void theFlatFileIsAccepted() throws IOException {
    assertThat(cluster.kubectl("apply", "--dry-run=server", "-f", DevScript.repository().resolve("manifests/moorage.yaml").toString()))
        .contains("daemonset.apps/moorage-node");
  }

  @Test
  void oneNodeHasOneControllerThatMayBeEvicted() throws IOException {
    assertThat(accepted("overlays/one-node")).contains("replicas: 1\n").doesNotContain("replicas: 2", "PodDisruptionBudget");
  }

  @Test
  void withABucketThereAreARepositoryAndClassesThatUseIt() throws IOException {
    assertThat(accepted("overlays/s3")).contains("location: s3://", "  repository: ", "kind: VolumeSnapshotClass");
  }

  /** With cert-manager's own kinds of objects, but not its controller, which cannot be had here. */
  @Test
  void certManagerMakesTheCertificatesThatThePodsMount() throws IOException {
    String kinds = DevScript.run("cluster/cert-manager.sh");
    cluster.kubectl("apply", "--server-side", "-f", kinds);
    try {
      cluster.kubectl("wait", "--for=condition=Established", "--timeout=60s", "-f", kinds);
      String rendered = accepted("overlays/cert-manager");
      for (String secret : List.of("moorage-ca", "moorage-node-tls", "moorage-controller-tls")) {
        assertThat(rendered).contains("  secretName: " + secret + "\n");
      }
    } finally {
      // Not waited for: an API server that served these kinds for seconds only has been seen to take minutes for it.
      cluster.kubectl("delete", "--wait=false", "-f", kinds);
    }
  }
}
