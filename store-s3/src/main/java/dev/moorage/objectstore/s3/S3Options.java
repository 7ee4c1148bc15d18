package dev.moorage.objectstore.s3;

import dev.moorage.objectstore.KeyPrefix;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.StoreLocation;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * How to reach a bucket. None of it is secret: credentials come from the environment, files, or the machine.
 *
 * @param endpoint where the service is, if it is not Amazon's
 * @param pathStyle whether the bucket stands in the path instead of the host name
 * @param profile which profile of the configuration and credentials files
 * @param credentialsFile a credentials file elsewhere than in its usual place
 * @param caFile certificates in PEM that are trusted instead of the machine's
 * @param storageClass what new objects are stored as; the bucket's default when empty
 * @param conditions whether the service is asked to create only and to compare and swap; without, one writer is all there may be
 * @param checksums whether a CRC-32C goes with each object, which the service checks before it stores it
 * @param timeout how long to wait for each byte of an answer
 */
record S3Options(
    String bucket,
    KeyPrefix prefix,
    String region,
    Optional<URI> endpoint,
    boolean pathStyle,
    Optional<String> profile,
    Optional<Path> credentialsFile,
    Optional<Path> caFile,
    Optional<String> storageClass,
    boolean conditions,
    boolean checksums,
    Duration timeout) {

  private static final Set<String> NAMES = Set.of("region", "endpoint", "path-style", "profile", "credentials-file", "ca-file",
      "storage-class", "conditional-writes", "checksums", "timeout");

  static S3Options of(StoreLocation location) throws ObjectStoreException.Invalid {
    location.allowOptions(NAMES);
    String bucket = location.bucket().orElse("");
    if (!bucket.matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")) {
      throw new ObjectStoreException.Invalid("open " + location, "it names no bucket of S3", "Write s3://BUCKET/PREFIX", null);
    }
    Optional<URI> endpoint = endpoint(location);
    return new S3Options(
        bucket,
        KeyPrefix.of(location),
        location.option("region").orElse(""),
        endpoint,
        // Most services that are not Amazon's have no host name for each bucket.
        location.option("path-style").isEmpty() ? endpoint.isPresent() : choice(location, "path-style", "true", "false"),
        location.option("profile"),
        location.option("credentials-file").map(Path::of),
        location.option("ca-file").map(Path::of),
        location.option("storage-class"),
        location.option("conditional-writes").isEmpty() || choice(location, "conditional-writes", "required", "single-writer"),
        location.option("checksums").isEmpty() || choice(location, "checksums", "crc32c", "none"),
        timeout(location));
  }

  /** Whether the option has the first of its two values. */
  private static boolean choice(StoreLocation location, String name, String yes, String no) throws ObjectStoreException.Invalid {
    String value = location.option(name).orElse(yes);
    if (!value.equals(yes) && !value.equals(no)) {
      throw location.invalidOption(name, "must be " + yes + " or " + no);
    }
    return value.equals(yes);
  }

  private static Optional<URI> endpoint(StoreLocation location) throws ObjectStoreException.Invalid {
    Optional<String> text = location.option("endpoint");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      URI uri = new URI(text.get());
      if (Set.of("http", "https").contains(String.valueOf(uri.getScheme())) && uri.getHost() != null
          && uri.getUserInfo() == null && uri.getQuery() == null) {
        return Optional.of(uri);
      }
    } catch (URISyntaxException e) {
      throw location.invalidOption("endpoint", "is no address: write https://HOST[:PORT], or http:// for a store without TLS");
    }
    throw location.invalidOption("endpoint", "must be https://HOST or http://HOST, without a user or a query");
  }

  private static Duration timeout(StoreLocation location) throws ObjectStoreException.Invalid {
    String text = location.option("timeout").orElse("30");
    if (!text.matches("[1-9]\\d{0,3}")) {
      throw location.invalidOption("timeout", "must be 1 to 9999 seconds");
    }
    return Duration.ofSeconds(Long.parseLong(text));
  }

  /** The bucket's region; services that are not Amazon's mostly accept any. */
  Optional<String> knownRegion() {
    return region.isEmpty() ? endpoint.map(_ -> "us-east-1") : Optional.of(region);
  }
}
