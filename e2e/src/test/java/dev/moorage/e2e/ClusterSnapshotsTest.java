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

/** Snapshots as users of Kubernetes meet them. */
@Tag("cluster")
@ExtendWith(ClusterOfTheRun.class)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(value = ClusterOfTheRun.LOCK, mode = ResourceAccessMode.READ)
final class ClusterSnapshotsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  /** Of this test's own: the usual one keeps what is remote when its object is deleted. */
  private static final String REMOTE = "remote-delete";
  private static final String READY = ".status.readyToUse";

  private final Cluster cluster;

  ClusterSnapshotsTest(Cluster cluster) {
    this.cluster = cluster;
  }

  /** On the node where it is: the scheduler does not know that a snapshot is on one node only, and would have to try. */
  @Test
  void aLocalSnapshotBringsBackWhatAVolumeHeld() throws IOException {
    try (ClusterNamespace local = cluster.namespace("local")) {
      local.apply(Claim.of("data", "64Mi").yaml(), Pod.of("one").with("data").yaml());
      local.awaitReady("one");
      local.sh("one", "echo before > /data/file && sync");
      local.apply(Snapshot.of("data", "cut", "local-delete"));
      local.awaitField("volumesnapshot/cut", READY, "true");
      local.sh("one", "echo after > /data/file && sync");
      local.apply(Claim.of("restored", "128Mi").fromSnapshot("cut").yaml(), Pod.of("two").with("restored")
          .on(local.field("pod/one", ".spec.nodeName")).yaml());
      local.awaitReady("two");
      assertThat(local.sh("two", "cat /restored/file")).isEqualTo("before");
      assertThat(Long.parseLong(local.sh("two", "df -m /restored | awk 'END { print $2 }'"))).as("it is larger than its snapshot").isGreaterThan(90);
      assertThat(local.sh("one", "cat /data/file")).isEqualTo("after");
      local.delete("pod/one", "pvc/data");
      local.awaitField("volumesnapshot/cut", READY, "true");
    }
  }

  /** A writer that always writes into {@code first} before {@code second}: in a cut of one moment the second is never ahead. */
  @Test
  void aGroupSnapshotIsOneMomentOfSeveralVolumes() throws IOException {
    try (ClusterNamespace group = cluster.namespace("group")) {
      group.apply(Claim.of("first", "64Mi").yaml().replace("{claim: first}", "{claim: first, cut: together}"),
          Claim.of("second", "64Mi").yaml().replace("{claim: second}", "{claim: second, cut: together}"),
          Pod.of("writer").with("first").with("second").running("""
              i=10000; while :; do i=$((i + 1)); for v in first second; do echo $i | dd of=/$v/count conv=notrunc,fsync 2> /dev/null; done; done
              """.strip()).yaml());
      group.awaitReady("writer");
      cluster.await("it writes", PATIENCE, () -> Integer.parseInt(group.sh("writer", "cat /second/count || echo 0")) > 10020);
      group.apply(Snapshot.ofGroup("cut", "together", "cut", "local-delete"));
      group.awaitField("volumegroupsnapshot/cut", READY, "true");
      String members = group.kubectl("get", "volumesnapshots", "-o",
          "jsonpath={range .items[*]}{.spec.source.persistentVolumeClaimName}{.metadata.name}{\"\\n\"}{end}");
      group.apply(Claim.of("one", "64Mi").fromSnapshot(member(members, "first")).yaml(),
          Claim.of("two", "64Mi").fromSnapshot(member(members, "second")).yaml(), Pod.of("reader").with("one").with("two")
              .on(group.field("pod/writer", ".spec.nodeName")).yaml());
      group.awaitReady("reader");
      int one = Integer.parseInt(group.sh("reader", "cat /one/count"));
      assertThat(Integer.parseInt(group.sh("reader", "cat /two/count"))).isBetween(one - 1, one);
    }
  }

  private static String member(String lines, String claim) {
    return lines.lines().filter(line -> line.startsWith(claim)).findFirst()
        .orElseThrow(() -> new AssertionError("there is no snapshot of " + claim + " in " + lines)).substring(claim.length());
  }

  @Test
  void aSnapshotOfAnotherClusterIsTakenInByItsHandle() throws IOException {
    try (ClusterNamespace here = cluster.namespace("here"); ClusterNamespace there = cluster.namespace("there")) {
      here.apply(Claim.of("data", "64Mi").yaml(), Pod.of("one").with("data").on("node-1").yaml());
      here.awaitReady("one");
      here.sh("one", "echo kept > /data/file && sync");
      here.apply(Snapshot.of("data", "cut", REMOTE));
      here.awaitField("volumesnapshot/cut", READY, "true");
      String content = here.field("volumesnapshot/cut", ".status.boundVolumeSnapshotContentName");
      String handle = cluster.kubectl("get", "volumesnapshotcontent", content, "-o", "jsonpath={.status.snapshotHandle}");
      there.apply(Snapshot.ofHandle(handle, "there", "taken", "Retain"));
      there.awaitField("volumesnapshot/taken", READY, "true");
      there.apply(Claim.of("data", "64Mi").fromSnapshot("taken").yaml(), Pod.of("two").with("data").on("node-2").yaml());
      there.awaitReady("two");
      assertThat(there.sh("two", "cat /data/file")).isEqualTo("kept");
    }
  }

  @Test
  void aNamespaceGoesAwayWhileItsSnapshotsAreUploaded() throws IOException {
    try (ClusterNamespace leaving = cluster.namespace("leaving")) {
      leaving.apply(Claim.of("one", "512Mi").yaml(), Claim.of("two", "512Mi").yaml(), Pod.of("pod").with("one").with("two").yaml());
      leaving.awaitReady("pod");
      leaving.sh("pod", "for v in one two; do dd if=/dev/urandom of=/$v/file bs=1M count=300 2> /dev/null; done; sync");
      leaving.apply(Snapshot.of("one", "one", REMOTE), Snapshot.of("two", "two", REMOTE));
      cluster.await("both are cut", PATIENCE, () -> leaving.kubectl("get", "volumesnapshots", "-o", "jsonpath={.items[*].status.creationTime}")
          .split(" ").length == 2);
    }
  }
}
