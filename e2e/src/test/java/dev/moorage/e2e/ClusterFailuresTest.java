package dev.moorage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What is killed, and what users of volumes notice of that. */
@Tag("cluster")
@ExtendWith(ClusterOfTheRun.class)
@ResourceLock(ClusterOfTheRun.LOCK)
final class ClusterFailuresTest {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String READY = ".status.readyToUse";

  private final Cluster cluster;

  ClusterFailuresTest(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Each operation is asked for, the driver of its node is killed a moment later, and the operation comes to its end all the same. */
  @Test
  void everyOperationSurvivesThatTheDriverIsKilledInIt() throws IOException {
    try (ClusterNamespace killed = cluster.namespace("killed")) {
      killed.apply(Claim.of("data", "320Mi").ofClass("moorage-xfs").yaml(), Pod.of("one").with("data").on("node-1").yaml());
      killDriverAfter(500);
      killed.awaitReady("one");
      killed.sh("one", "echo kept > /data/file && dd if=/dev/urandom of=/data/bulk bs=1M count=40 2> /dev/null && sync");
      killed.kubectl("patch", "pvc", "data", "-p", "{\"spec\": {\"resources\": {\"requests\": {\"storage\": \"400Mi\"}}}}");
      killDriverAfter(200);
      killed.awaitField("pvc/data", ".status.capacity.storage", "400Mi");
      killed.apply(Snapshot.of("data", "local", "local-delete"), Snapshot.of("data", "remote", "remote-delete"));
      killDriverAfter(600);
      killed.awaitField("volumesnapshot/local", READY, "true");
      killed.awaitField("volumesnapshot/remote", READY, "true");
      killed.apply(Claim.of("restored", "400Mi").ofClass("moorage-xfs").fromSnapshot("local").yaml(),
          Claim.of("fetched", "400Mi").ofClass("moorage-xfs").fromSnapshot("remote").yaml(),
          Pod.of("two").with("restored").with("fetched").on("node-1").yaml());
      killDriverAfter(800);
      killed.awaitReady("two");
      String sum = killed.sh("one", "md5sum < /data/bulk");
      assertThat(killed.sh("two", "md5sum < /restored/bulk; md5sum < /fetched/bulk").lines()).containsExactly(sum, sum);
      killed.kubectl("delete", "pod/two", "pvc/restored", "pvc/fetched", "volumesnapshot/local", "--wait=false");
      killDriverAfter(300);
      cluster.await("they are gone", PATIENCE, () -> killed.kubectl("get", "pod/two", "pvc/restored", "pvc/fetched", "volumesnapshot/local",
          "--ignore-not-found").isEmpty());
      assertThat(killed.sh("one", "cat /data/file")).isEqualTo("kept");
    }
  }

  private void killDriverAfter(int milliseconds) throws IOException {
    pause(milliseconds);
    cluster.killDriver(1);
  }

  private static void pause(int milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whenTheLeadersOfTheControllersAreKilledOthersGoOn() throws IOException {
    try (ClusterNamespace leaders = cluster.namespace("leaders")) {
      String leader = cluster.leader();
      cluster.kubectl("-n", Cluster.SYSTEM, "delete", "pod", leader, "--force", "--grace-period=0");
      leaders.apply(Claim.of("data", "64Mi").yaml(), Pod.of("pod").with("data").yaml());
      leaders.awaitReady("pod");
      leaders.apply(Snapshot.of("data", "cut", "local-delete"));
      leaders.awaitField("volumesnapshot/cut", READY, "true");
    }
  }

  @Test
  void aKubeletThatIsKilledFindsItsVolumesAgain() throws IOException {
    try (ClusterNamespace kubelet = cluster.namespace("kubelet")) {
      kubelet.apply(Claim.of("data", "64Mi").yaml(), Pod.of("one").with("data").on("node-1").yaml());
      kubelet.awaitReady("one");
      kubelet.sh("one", "echo kept > /data/file && sync");
      cluster.killKubelet(1);
      kubelet.apply(Claim.of("more", "64Mi").yaml(), Pod.of("two").with("more").on("node-1").yaml());
      kubelet.awaitReady("two");
      assertThat(kubelet.sh("one", "cat /data/file")).isEqualTo("kept");
      assertThat(kubelet.field("pod/one", ".status.containerStatuses[0].restartCount")).isEqualTo("0");
      kubelet.delete("pod/one", "pod/two");
      kubelet.apply(Pod.of("three").with("data").with("more").yaml());
      kubelet.awaitReady("three");
      assertThat(kubelet.sh("three", "cat /data/file")).isEqualTo("kept");
    }
  }
}
