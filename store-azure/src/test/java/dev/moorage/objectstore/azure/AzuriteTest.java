package dev.moorage.objectstore.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.storage.blob.BlobContainerClientBuilder;
import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.objectstore.StoreLocation;
import dev.moorage.testkit.DevScript;
import dev.moorage.testkit.objectstore.ObjectStoreContract;
import dev.moorage.testkit.objectstore.StoreServer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
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

/** The contract against Azurite, Microsoft's own server for tests; each test has a prefix of its own. */
@Tag("engine")
class AzuriteTest extends ObjectStoreContract {

  private static final String CONTAINER = "moorage-test";
  private static final String ACCOUNT = "moorage";
  private static final String KEY = Base64.getEncoder().encodeToString("moorage-test-secret".getBytes(StandardCharsets.UTF_8));

  @TempDir
  private static Path directory;

  private static @Nullable StoreServer server;

  private final String prefix = "test-" + UUID.randomUUID();

  @BeforeAll
  static void start() throws IOException {
    int port = StoreServer.freePort();
    StoreServer started = new StoreServer(
        List.of("node", DevScript.run("servers/azurite.sh"), "--blobHost", "127.0.0.1", "--blobPort", Integer.toString(port),
            "--location", Files.createDirectories(directory.resolve("data")).toString(), "--silent", "--skipApiVersionCheck",
            "--disableTelemetry"),
        Map.of("AZURITE_ACCOUNTS", ACCOUNT + ":" + KEY), directory.resolve("log"), URI.create("http://127.0.0.1:" + port));
    server = started;
    String connection = "DefaultEndpointsProtocol=http;AccountName=" + ACCOUNT + ";AccountKey=" + KEY
        + ";BlobEndpoint=" + started.endpoint() + "/" + ACCOUNT + ";";
    Files.writeString(directory.resolve("credentials"), connection + "\n");
    new BlobContainerClientBuilder().connectionString(connection).containerName(CONTAINER)
        .httpClient(new JdkHttpClientBuilder().build()).buildClient().create();
  }

  @AfterAll
  static void stop() {
    Objects.requireNonNull(server).close();
  }

  private static StoreLocation location(String container, String prefix) throws ObjectStoreException {
    return StoreLocation.of("azure://" + container + "/" + prefix,
        Map.of("credentials-file", directory.resolve("credentials").toString()));
  }

  @Override
  protected ObjectStore open() throws Exception {
    return new AzureStores().open(location(CONTAINER, prefix));
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
  void anAbsentContainerIsNoEmptyStore() throws Exception {
    try (ObjectStore absent = new AzureStores().open(location("no-such-container", "x"))) {
      assertThatThrownBy(() -> absent.get(new ObjectKey("a"))).isInstanceOf(ObjectStoreException.Invalid.class)
          .hasMessageContaining("no such container");
      assertThatThrownBy(() -> absent.head(new ObjectKey("a"))).isInstanceOf(ObjectStoreException.Invalid.class);
    }
  }

  @Test
  void withoutCredentialsItIsDenied() throws Exception {
    StoreLocation location = StoreLocation.of("azure://container", Map.of("endpoint", "https://account.blob.core.windows.net"));
    assertThatThrownBy(() -> new AzureStores().open(location)).isInstanceOf(ObjectStoreException.Denied.class)
        .hasMessageContaining("docs/object-stores.md");
  }
}
