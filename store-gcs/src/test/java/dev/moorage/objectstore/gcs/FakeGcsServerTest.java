package dev.moorage.objectstore.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.testkit.objectstore.BucketServer;
import dev.moorage.testkit.objectstore.GcsServer;
import dev.moorage.testkit.objectstore.ObjectStoreContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract against fake-gcs-server; each test has a prefix of its own. */
@Tag("engine")
class FakeGcsServerTest extends ObjectStoreContract {

  @TempDir
  private static Path directory;

  private static @Nullable GcsServer server;

  private final String prefix = "test-" + UUID.randomUUID();

  @BeforeAll
  static void start() throws IOException {
    server = GcsServer.start(directory, BucketServer.LOOPBACK);
  }

  @AfterAll
  static void stop() {
    started().close();
  }

  private static GcsServer started() {
    return Objects.requireNonNull(server);
  }

  @Override
  protected ObjectStore open() throws Exception {
    return new GcsStores().open(started().location(prefix));
  }

  @Test
  void aPackOfThirtyTwoMebibytesIsStoredAndReadByRanges() throws Exception {
    byte[] bytes = random(9, 32 << 20);
    Path file = Files.write(scratch.resolve("pack"), bytes);
    put("packs/00/pack", Content.of(file, 0, bytes.length));
    try (ObjectStream in = store.getRange(new ObjectKey("packs/00/pack"), 16 << 20, 8 << 20)) {
      assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, 16 << 20, 24 << 20));
    }
  }

  @Test
  void anAbsentBucketIsNoEmptyStore() throws Exception {
    try (ObjectStore absent = new GcsStores().open(started().location("no-such-bucket-here", "x"))) {
      assertThatThrownBy(() -> absent.putIfAbsent(new ObjectKey("a"), text("a"))).isInstanceOf(ObjectStoreException.class);
    }
  }
}
