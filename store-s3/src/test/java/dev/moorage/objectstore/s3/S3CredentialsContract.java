package dev.moorage.objectstore.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.repository.verify.Verifier;
import dev.moorage.repository.verify.VerifyDepth;
import dev.moorage.testkit.DevScript;
import dev.moorage.testkit.objectstore.S3Server;
import dev.moorage.testkit.objectstore.TwoCredentialsContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

/**
 * The policies of deploy/policies on a server that honours them, MinIO. It cannot be told to refuse overwriting, so its buckets keep the
 * older versions.
 */
@Tag("engine")
abstract class S3CredentialsContract extends TwoCredentialsContract {

  @TempDir
  private static Path directory;

  private static @Nullable S3Server server;

  /** May do everything. */
  @SuppressWarnings("NullAway.Init")
  static S3Client root;

  final String prefix = "test-" + UUID.randomUUID();

  @BeforeAll
  static void start() throws IOException {
    S3Server started = S3Server.start(S3Server.Kind.MINIO, directory);
    server = started;
    root = S3Clients.open(started.location("x"), S3Options.of(started.location("x")));
  }

  @AfterAll
  static void stop() {
    root.close();
    Objects.requireNonNull(server).close();
  }

  /** A bucket that is there, and keeps older versions. */
  abstract String bucket();

  private static S3Server started() {
    return Objects.requireNonNull(server);
  }

  private ObjectStore open(String role) throws Exception {
    String policy = Files.readString(DevScript.repository().resolve("deploy/policies/s3-" + role + ".json"))
        .replace("BUCKET", bucket()).replace("PREFIX", prefix);
    return new S3Stores().open(started().location(bucket(), prefix, started().limitedTo(policy, role + "-" + prefix)));
  }

  @Override
  protected ObjectStore openAsNode() throws Exception {
    return open("node");
  }

  @Override
  protected ObjectStore openAsMaintenance() throws Exception {
    return open("maintenance");
  }

  @Override
  protected boolean refusesOverwriting() {
    return false;
  }

  @Override
  protected void demandThatNodeCannotCollect() {
    assertThatThrownBy(() -> collect(node)).isInstanceOf(ObjectStoreException.Denied.class)
        .hasMessageContaining("begin a collection").hasMessageContaining("maintenance credential");
  }

  /** The versions of what begins so, in this test's prefix; the newest of each key first. */
  final List<ObjectVersion> versions(String keyPrefix) {
    return root.listObjectVersions(request -> request.bucket(bucket()).prefix(prefix + "/" + keyPrefix)).versions();
  }

  final boolean isSound() throws IOException {
    return maintenance.verify(new Verifier.Settings(VerifyDepth.BYTES, 1, 0, _ -> { })).isSound();
  }

  @Test
  void aNodeCannotMakeUpWhatOnlyMaintenanceWritesNorSeeWhatLiesBeside() throws Exception {
    for (String key : List.of("repository", "keys/0", "tombstones/0", "collections/0")) {
      assertThatThrownBy(() -> nodeStore.putIfAbsent(new ObjectKey(key), Content.of(new byte[] {1}))).as(key)
          .isInstanceOf(ObjectStoreException.Denied.class);
    }
    try (ObjectStore beside = new S3Stores().open(started().location(bucket(), "other", directory.resolve("node-" + prefix)))) {
      assertThatThrownBy(() -> beside.list("", Optional.empty(), 1)).isInstanceOf(ObjectStoreException.Denied.class);
      assertThatThrownBy(() -> beside.putIfAbsent(new ObjectKey("packs/0"), Content.of(new byte[] {1})))
          .isInstanceOf(ObjectStoreException.Denied.class);
    }
  }

  @Test
  void whatAThiefOfTheNodesCredentialOverwroteIsThereInItsOlderVersion() throws Exception {
    Stored stored = store(node, "kept");
    ObjectKey pack = keys("packs/").getFirst();
    nodeStore.replaceIfMatch(pack, nodeStore.head(pack).orElseThrow().version(), Content.of(new byte[] {1}));
    assertThat(isSound()).as("the thief was there").isFalse();
    ObjectVersion overwritten = versions(pack.value()).getFirst();
    assertThat(overwritten.isLatest()).isTrue();
    bringBack(overwritten);
    assertThat(isSound()).isTrue();
    demandRestores(node, stored);
  }

  /** Makes an older version the newest one again. */
  abstract void bringBack(ObjectVersion overwritten);
}
