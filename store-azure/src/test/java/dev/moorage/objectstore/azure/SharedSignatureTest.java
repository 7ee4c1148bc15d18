package dev.moorage.objectstore.azure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.objectstore.ObjectStore;
import dev.moorage.repository.gc.CollectionReport;
import dev.moorage.testkit.objectstore.AzureServer;
import dev.moorage.testkit.objectstore.BucketServer;
import dev.moorage.testkit.objectstore.TwoCredentialsContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Azure's signatures: a node's allows to read, create and list; without the right to write nothing can be overwritten. */
@Tag("engine")
class SharedSignatureTest extends TwoCredentialsContract {

  @TempDir
  private static Path directory;

  private static @Nullable AzureServer server;

  private final String prefix = "test-" + UUID.randomUUID();

  @BeforeAll
  static void start() throws IOException {
    server = AzureServer.start(directory, BucketServer.LOOPBACK);
  }

  @AfterAll
  static void stop() {
    Objects.requireNonNull(server).close();
  }

  private ObjectStore open(String rights) throws Exception {
    AzureServer started = Objects.requireNonNull(server);
    return new AzureStores().open(started.location(AzureServer.CONTAINER, prefix, started.limitedTo(rights)));
  }

  @Override
  protected ObjectStore openAsNode() throws Exception {
    return open("rcl");
  }

  @Override
  protected ObjectStore openAsMaintenance() throws Exception {
    return open("rcwdl");
  }

  @Override
  protected boolean refusesOverwriting() {
    return true;
  }

  @Override
  protected void demandThatNodeCannotCollect() throws IOException {
    CollectionReport report = collect(node);
    assertThat(report.deleted().packs()).isZero();
    assertThat(report.locked().packs()).isPositive();
    assertThat(report.recordsLeft()).isPositive();
  }
}
