package dev.moorage.objectstore.s3;

import dev.moorage.testkit.objectstore.S3Server;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class MinioTest extends S3ServerContract {

  @TempDir
  private static Path directory;

  private static @Nullable S3Server server;

  @BeforeAll
  static void start() throws IOException {
    server = S3Server.start(S3Server.Kind.MINIO, directory);
  }

  @AfterAll
  static void stop() {
    started().close();
  }

  private static S3Server started() {
    return Objects.requireNonNull(server);
  }

  @Override
  S3Server server() {
    return started();
  }
}
