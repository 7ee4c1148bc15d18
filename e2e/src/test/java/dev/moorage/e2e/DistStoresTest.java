package dev.moorage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.objectstore.StoreLocation;
import dev.moorage.process.Command;
import dev.moorage.testkit.Scratch;
import dev.moorage.testkit.objectstore.S3Server;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The stores with large clients work in the product as it is shipped: its runtime, its jars, its class loaders. */
@Tag("engine")
final class DistStoresTest {

  private Path directory = Path.of("");

  @BeforeEach
  void makeDirectory() {
    directory = Scratch.directory("stores");
  }

  @AfterEach
  void removeDirectory() {
    Scratch.remove(directory);
  }

  @Test
  void aBucketIsProbed() throws IOException {
    try (S3Server server = S3Server.start(S3Server.Kind.VERSITYGW, directory)) {
      StoreLocation location = server.location("prefix");
      List<String> words = new ArrayList<>(List.of(location.toString()));
      location.options().forEach((name, value) -> words.add(name + "=" + value));
      assertThat(probe(words)).contains("store-s3", "HELD  of many creators one wins").doesNotContain("BROKEN");
    }
  }

  @Test
  void theOtherClientsAreLoadedAsWell() throws IOException {
    assertThat(probe(List.of("gs://bucket", "endpoint=http://127.0.0.1:1", "anonymous=true"))).contains("the connection failed");
    assertThat(probe(List.of("azure://bucket", "endpoint=http://127.0.0.1:1"))).contains("there are no credentials");
  }

  private static String probe(List<String> words) throws IOException {
    Path dist = Engines.repository().resolve("dist");
    Path tests = Path.of("target/test-classes").toAbsolutePath();
    String classPath = dist.resolve("lib/moorage.jar") + ":" + dist.resolve("lib/service.jar") + ":" + tests;
    List<String> argv = new ArrayList<>(List.of(dist.resolve("runtime/bin/java").toString(), "-cp", classPath, ProbeAStore.class.getName()));
    argv.addAll(words);
    return Command.of(argv.toArray(String[]::new)).run();
  }
}
