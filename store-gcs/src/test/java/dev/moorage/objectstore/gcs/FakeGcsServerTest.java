package dev.moorage.objectstore.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.objectstore.StoreLocation;
import dev.moorage.process.Command;
import dev.moorage.testkit.DevScript;
import dev.moorage.testkit.objectstore.ObjectStoreContract;
import dev.moorage.testkit.objectstore.StoreServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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

  private static final String BUCKET = "moorage-test";

  @TempDir
  private static Path directory;

  private static @Nullable StoreServer server;

  private final String prefix = "test-" + UUID.randomUUID();

  @BeforeAll
  static void start() throws IOException {
    int port = StoreServer.freePort();
    Path data = Files.createDirectories(directory.resolve("data"));
    StoreServer started = new StoreServer(
        List.of(DevScript.run("servers/fake-gcs-server.sh"), "-scheme", "http", "-host", "127.0.0.1", "-port", Integer.toString(port),
            "-public-host", "127.0.0.1:" + port, "-backend", "filesystem", "-filesystem-root", data.toString()),
        Map.of(), directory.resolve("log"), URI.create("http://127.0.0.1:" + port));
    server = started;
    Command.of("curl", "-sS", "--fail", "-H", "Content-Type: application/json", "-d", "{\"name\":\"" + BUCKET + "\"}",
        started.endpoint() + "/storage/v1/b?project=test").run();
  }

  @AfterAll
  static void stop() {
    Objects.requireNonNull(server).close();
  }

  private static StoreLocation location(String bucket, String prefix) throws ObjectStoreException {
    return StoreLocation.of("gs://" + bucket + "/" + prefix,
        Map.of("endpoint", Objects.requireNonNull(server).endpoint().toString(), "anonymous", "true"));
  }

  @Override
  protected ObjectStore open() throws Exception {
    return new GcsStores().open(location(BUCKET, prefix));
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
    try (ObjectStore absent = new GcsStores().open(location("no-such-bucket-here", "x"))) {
      assertThatThrownBy(() -> absent.putIfAbsent(new ObjectKey("a"), text("a"))).isInstanceOf(ObjectStoreException.class);
    }
  }
}
