package dev.moorage.testkit.objectstore;

import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.StoreLocation;
import dev.moorage.process.Command;
import dev.moorage.testkit.DevScript;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Azurite, Microsoft's own server for tests, with one container. Its program is fetched by dev.d/servers. */
public final class AzureServer implements BucketServer {

  public static final String CONTAINER = "moorage-test";

  private static final String ACCOUNT = "moorage";
  private static final String KEY = Base64.getEncoder().encodeToString("moorage-test-secret".getBytes(StandardCharsets.UTF_8));
  private static final String VERSION = "2021-06-08";

  private final StoreServer server;
  private final Path directory;

  private AzureServer(StoreServer server, Path directory) {
    this.server = server;
    this.directory = directory;
  }

  /** Starts a server with an empty container whose data lie in the directory, at an address of this machine. */
  public static AzureServer start(Path directory, String address) throws IOException {
    int port = StoreServer.freePort();
    StoreServer server = new StoreServer(
        List.of("node", DevScript.run("servers/azurite.sh"), "--blobHost", address, "--blobPort", Integer.toString(port),
            "--location", Files.createDirectories(directory.resolve("data")).toString(), "--silent", "--skipApiVersionCheck",
            "--disableTelemetry"),
        Map.of("AZURITE_ACCOUNTS", ACCOUNT + ":" + KEY), directory.resolve("log"), URI.create("http://" + address + ":" + port));
    AzureServer started = new AzureServer(server, directory);
    try {
      Files.writeString(directory.resolve("credentials"), "DefaultEndpointsProtocol=http;AccountName=" + ACCOUNT + ";AccountKey=" + KEY
          + ";BlobEndpoint=" + started.account() + ";\n");
      Command.of("curl", "-sS", "--fail", "-X", "PUT", "-H", "Content-Length: 0",
          started.account() + "/" + CONTAINER + "?restype=container&" + accountSignature()).run();
    } catch (IOException e) {
      server.close();
      throw e;
    }
    return started;
  }

  private String account() {
    return server.endpoint() + "/" + ACCOUNT;
  }

  /** May do anything with containers and blobs. */
  private static String accountSignature() throws IOException {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("sp", "rwdlac");
    fields.put("ss", "b");
    fields.put("srt", "sco");
    fields.put("se", tomorrow());
    fields.put("sv", VERSION);
    fields.put("sig", sign(String.join("\n", ACCOUNT, "rwdlac", "b", "sco", "", tomorrow(), "", "", VERSION, "", "")));
    return query(fields);
  }

  /**
   * A file with the credentials of somebody who may do with blobs only what the letters say, such as {@code rcl}: read, create and list.
   * They have Azure's order, {@code racwdl}.
   */
  public Path limitedTo(String letters) throws IOException {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("sp", letters);
    fields.put("se", tomorrow());
    fields.put("sv", VERSION);
    fields.put("sr", "c");
    String resource = "/blob/" + ACCOUNT + "/" + CONTAINER;
    fields.put("sig", sign(String.join("\n", letters, "", tomorrow(), resource, "", "", "", VERSION, "c", "", "", "", "", "", "", "")));
    return Files.writeString(directory.resolve("credentials-" + letters), "BlobEndpoint=" + account() + ";SharedAccessSignature="
        + query(fields) + "\n");
  }

  private static String tomorrow() {
    return Instant.now().plus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.DAYS).toString();
  }

  private static String sign(String text) throws IOException {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(Base64.getDecoder().decode(KEY), "HmacSHA256"));
      return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot sign", e);
    }
  }

  private static String query(Map<String, String> fields) {
    StringJoiner query = new StringJoiner("&");
    fields.forEach((name, value) -> query.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return query.toString();
  }

  @Override
  public StoreServer server() {
    return server;
  }

  @Override
  public StoreLocation location(String prefix) throws ObjectStoreException.Invalid {
    return location(CONTAINER, prefix, directory.resolve("credentials"));
  }

  /** The same of any container and with any credentials. */
  public StoreLocation location(String container, String prefix, Path credentials) throws ObjectStoreException.Invalid {
    return StoreLocation.of("azure://" + container + "/" + prefix, Map.of("credentials-file", credentials.toString()));
  }

  @Override
  public void close() {
    server.close();
  }
}
