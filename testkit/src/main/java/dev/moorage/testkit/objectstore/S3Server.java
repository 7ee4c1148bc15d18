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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real S3 server of another maker, with one bucket. Its programs are fetched by dev.d/servers. */
public final class S3Server implements BucketServer {

  /** Whose server. */
  public enum Kind {
    /** versitygw over a directory. */
    VERSITYGW,
    /** MinIO over a directory. */
    MINIO
  }

  public static final String BUCKET = "moorage-test";
  public static final String ACCESS_KEY = "MOORAGETESTKEY";
  public static final String SECRET_KEY = "moorage-test-secret";

  private final StoreServer server;
  private final Path credentials;

  private S3Server(StoreServer server, Path credentials) {
    this.server = server;
    this.credentials = credentials;
  }

  /** Starts a server with an empty bucket whose data lie in the directory, on the loopback. */
  public static S3Server start(Kind kind, Path directory) throws IOException {
    return start(kind, directory, LOOPBACK);
  }

  /** The same at another address of this machine. */
  public static S3Server start(Kind kind, Path directory, String address) throws IOException {
    Path data = Files.createDirectories(directory.resolve("data"));
    Path log = directory.resolve("log");
    int port = StoreServer.freePort();
    URI endpoint = URI.create("http://" + address + ":" + port);
    StoreServer server = switch (kind) {
      case VERSITYGW -> new StoreServer(
          List.of(DevScript.run("servers/versitygw.sh"), "--port", address + ":" + port, "posix", data.toString()),
          Map.of("ROOT_ACCESS_KEY", ACCESS_KEY, "ROOT_SECRET_KEY", SECRET_KEY), log, endpoint);
      case MINIO -> new StoreServer(
          List.of(DevScript.run("servers/minio.sh"), "server", "--quiet", "--address", address + ":" + port,
              "--console-address", address + ":" + StoreServer.freePort(), data.toString()),
          Map.of("MINIO_ROOT_USER", ACCESS_KEY, "MINIO_ROOT_PASSWORD", SECRET_KEY, "MINIO_UPDATE", "off", "HOME", directory.toString()),
          log, endpoint);
    };
    Path credentials = Files.writeString(directory.resolve("credentials"),
        "[default]\naws_access_key_id = " + ACCESS_KEY + "\naws_secret_access_key = " + SECRET_KEY + "\n");
    S3Server started = new S3Server(server, credentials);
    started.createBucket();
    return started;
  }

  private void createBucket() throws IOException {
    try {
      // MinIO answers 503 for a moment after it began to listen.
      Command.of("curl", "-sS", "--fail", "--retry", "30", "--retry-delay", "1", "-X", "PUT",
          "--aws-sigv4", "aws:amz:us-east-1:s3", "--user", ACCESS_KEY + ":" + SECRET_KEY,
          "-H", "x-amz-content-sha256: UNSIGNED-PAYLOAD", server.endpoint() + "/" + BUCKET).run();
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  @Override
  public StoreServer server() {
    return server;
  }

  /** A file with its credentials. */
  public Path credentials() {
    return credentials;
  }

  @Override
  public StoreLocation location(String prefix) throws ObjectStoreException.Invalid {
    return location(BUCKET, prefix, credentials);
  }

  /** The same of any bucket and with any credentials. */
  public StoreLocation location(String bucket, String prefix, Path credentialsFile) throws ObjectStoreException.Invalid {
    return StoreLocation.of("s3://" + bucket + "/" + prefix, Map.of("endpoint", server.endpoint().toString(),
        "region", "us-east-1", "credentials-file", credentialsFile.toString()));
  }

  /**
   * A file with the credentials of somebody who may do only what the policy allows. Of MinIO alone.
   *
   * @param name of the file, beside those of the server
   */
  public Path limitedTo(String policy, String name) throws IOException {
    String answer = Command.of("curl", "-sS", "--fail-with-body", "--aws-sigv4", "aws:amz:us-east-1:sts", "--user",
        ACCESS_KEY + ":" + SECRET_KEY, "--data-urlencode", "Action=AssumeRole", "--data-urlencode", "Version=2011-06-15",
        "--data-urlencode", "DurationSeconds=3600", "--data-urlencode", "Policy=" + policy, server.endpoint() + "/").run();
    return Files.writeString(credentials.resolveSibling(name), "[default]\naws_access_key_id = " + element(answer, "AccessKeyId")
        + "\naws_secret_access_key = " + element(answer, "SecretAccessKey") + "\naws_session_token = " + element(answer, "SessionToken")
        + "\n");
  }

  private static String element(String xml, String name) throws IOException {
    Matcher matcher = Pattern.compile("<" + name + ">([^<]+)</" + name + ">").matcher(xml);
    if (!matcher.find()) {
      throw new IOException("there is no " + name + " in " + xml);
    }
    return matcher.group(1);
  }

  @Override
  public void close() {
    server.close();
  }
}
