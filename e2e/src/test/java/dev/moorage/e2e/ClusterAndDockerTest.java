package dev.moorage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.objectstore.StoreLocation;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** One repository for a laptop's Docker and for a cluster. */
@Tag("cluster")
@ExtendWith(ClusterOfTheRun.class)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(value = ClusterOfTheRun.LOCK, mode = ResourceAccessMode.READ)
final class ClusterAndDockerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Cluster cluster;

  ClusterAndDockerTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void aVolumeOfDockerBecomesAClaimAndOneOfAClusterBecomesAVolumeOfDocker() throws Exception {
    try (Network network = Network.open(); Machine outside = Machine.start(network, "outside", Images.BUSYBOX);
        ClusterNamespace travel = cluster.namespace("travel")) {
      Network.Cable cable = network.attach(cluster.pid());
      try {
        outside.addRepository("backups", location(cable.address(), outside.engine.directory()), cluster.directory().resolve("backups.key"));
        outside.docker("volume", "create", "-d", "moorage", "-o", "size=64M", "luggage");
        inContainer(outside, "luggage", "echo from-docker > /v/file");
        outside.cli("snapshot", "create", "docker/luggage", "packed", "--to", "backups");
        outside.cli("snapshot", "upload", "docker/luggage@packed", "--to", "backups", "--wait");
        travel.apply(Snapshot.ofHandle(handle(outside), "travel", "packed", "Retain"));
        travel.apply(Claim.of("arrived", "64Mi").fromSnapshot("packed").yaml(), Pod.of("pod").with("arrived").yaml());
        travel.awaitReady("pod");
        assertThat(travel.sh("pod", "cat /arrived/file")).isEqualTo("from-docker");
        travel.sh("pod", "echo from-the-cluster > /arrived/file && sync");
        outside.createFrom("backups:" + uploaded(travel), "returned");
        outside.awaitRestored("returned");
        assertThat(inContainer(outside, "returned", "cat /v/file")).isEqualTo("from-the-cluster");
      } catch (Exception | AssertionError e) {
        throw new AssertionError(e.getMessage() + outside.lastWords(), e);
      } finally {
        cable.remove();
      }
    }
  }

  /** Cuts and uploads the claim; the id of the snapshot, which is the end of its handle. */
  private String uploaded(ClusterNamespace travel) throws Exception {
    travel.apply(Snapshot.of("arrived", "back", "remote-delete"));
    travel.awaitField("volumesnapshot/back", ".status.readyToUse", "true", PATIENCE);
    String content = travel.field("volumesnapshot/back", ".status.boundVolumeSnapshotContentName");
    String handle = cluster.kubectl("get", "volumesnapshotcontent", content, "-o", "jsonpath={.status.snapshotHandle}");
    return handle.substring(handle.lastIndexOf('/') + 1);
  }

  private static StoreLocation location(String address, Path directory) throws Exception {
    Path credentials = Files.writeString(directory.resolve("credentials"),
        "[default]\naws_access_key_id = MOORAGETESTKEY\naws_secret_access_key = moorage-test-secret\n");
    return StoreLocation.of("s3://moorage/cluster", Map.of("endpoint", "http://" + address + ":7070", "region", "us-east-1",
        "credentials-file", credentials.toString()));
  }

  private static String inContainer(Machine machine, String volume, String script) throws Exception {
    return machine.docker("run", "--rm", "-v", volume + ":/v", "busybox", "sh", "-c", script);
  }

  /** What CSI calls the one snapshot of the machine: its repository, its pool, itself. */
  private static String handle(Machine machine) throws Exception {
    try (JsonReader reader = Json.createReader(new StringReader(machine.cli("snapshot", "ls", "docker/luggage", "-o", "json")))) {
      JsonObject snapshot = reader.readArray().getJsonObject(0);
      String repository = snapshot.getJsonArray("remotes").getJsonObject(0).getString("repositoryId");
      return repository + "/" + snapshot.getString("poolId") + "/" + snapshot.getString("id");
    }
  }
}
