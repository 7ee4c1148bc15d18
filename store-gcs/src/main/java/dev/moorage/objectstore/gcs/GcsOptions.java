package dev.moorage.objectstore.gcs;

import dev.moorage.objectstore.KeyPrefix;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.StoreLocation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * How to reach a bucket. None of it is secret.
 *
 * @param endpoint where the service is, if it is not Google's; ends with a slash
 * @param credentialsFile a file of credentials elsewhere than where they are looked for by default
 * @param anonymous whether no credentials are sent: for servers that want none
 * @param storageClass what new objects are stored as; the bucket's default when empty
 * @param timeout how long to wait for each byte of an answer
 */
record GcsOptions(
    String bucket,
    KeyPrefix prefix,
    Optional<String> endpoint,
    Optional<Path> credentialsFile,
    boolean anonymous,
    Optional<String> storageClass,
    Duration timeout) {

  private static final Set<String> NAMES = Set.of("endpoint", "credentials-file", "anonymous", "storage-class", "timeout");

  static GcsOptions of(StoreLocation location) throws ObjectStoreException.Invalid {
    location.allowOptions(NAMES);
    String bucket = location.bucket().orElse("");
    if (!bucket.matches("[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")) {
      throw new ObjectStoreException.Invalid("open " + location, "it names no bucket", "Write gs://BUCKET/PREFIX", null);
    }
    String endpoint = location.option("endpoint").orElse("");
    if (!endpoint.isEmpty() && !endpoint.matches("https?://[A-Za-z0-9.:\\[\\]-]+/?")) {
      throw location.invalidOption("endpoint", "must be https://HOST or http://HOST");
    }
    String timeout = location.option("timeout").orElse("30");
    if (!timeout.matches("[1-9]\\d{0,3}")) {
      throw location.invalidOption("timeout", "must be 1 to 9999 seconds");
    }
    String anonymous = location.option("anonymous").orElse("false");
    if (!Set.of("true", "false").contains(anonymous)) {
      throw location.invalidOption("anonymous", "must be true or false");
    }
    return new GcsOptions(bucket, KeyPrefix.of(location),
        endpoint.isEmpty() ? Optional.empty() : Optional.of(endpoint.endsWith("/") ? endpoint : endpoint + "/"),
        location.option("credentials-file").map(Path::of), anonymous.equals("true"), location.option("storage-class"),
        Duration.ofSeconds(Long.parseLong(timeout)));
  }
}
