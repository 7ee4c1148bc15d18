package dev.moorage.testkit.objectstore;

import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.StoreLocation;
import dev.moorage.process.Command;
import dev.moorage.testkit.DevScript;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** fake-gcs-server over a directory, with one bucket. Its program is fetched by dev.d/servers. */
public final class GcsServer implements BucketServer {

  public static final String BUCKET = "moorage-test";

  private final StoreServer server;

  private GcsServer(StoreServer server) {
    this.server = server;
  }

  /** Starts a server with an empty bucket whose data lie in the directory, at an address of this machine. */
  public static GcsServer start(Path directory, String address) throws IOException {
    int port = StoreServer.freePort();
    Path data = Files.createDirectories(directory.resolve("data"));
    String place = address + ":" + port;
    StoreServer server = new StoreServer(
        List.of(DevScript.run("servers/fake-gcs-server.sh"), "-scheme", "http", "-host", address, "-port", Integer.toString(port),
            "-public-host", place, "-external-url", "http://" + place, "-backend", "filesystem", "-filesystem-root", data.toString()),
        Map.of(), directory.resolve("log"), URI.create("http://" + place));
    try {
      Command.of("curl", "-sS", "--fail", "-H", "Content-Type: application/json", "-d", "{\"name\":\"" + BUCKET + "\"}",
          server.endpoint() + "/storage/v1/b?project=test").run();
    } catch (IOException e) {
      server.close();
      throw e;
    }
    return new GcsServer(server);
  }

  @Override
  public StoreServer server() {
    return server;
  }

  @Override
  public StoreLocation location(String prefix) throws ObjectStoreException.Invalid {
    return location(BUCKET, prefix);
  }

  /** The same of any bucket. */
  public StoreLocation location(String bucket, String prefix) throws ObjectStoreException.Invalid {
    return StoreLocation.of("gs://" + bucket + "/" + prefix,
        Map.of("endpoint", server.endpoint().toString(), "anonymous", "true"));
  }

  @Override
  public void close() {
    server.close();
  }
}
