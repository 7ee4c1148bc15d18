package dev.moorage.objectstore.azure;

import dev.moorage.objectstore.KeyPrefix;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.StoreLocation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * How to reach a container. None of it is secret.
 *
 * @param endpoint {@code https://ACCOUNT.blob.core.windows.net}; not needed with a connection string
 * @param credentialsFile a file whose only line is a connection string
 * @param accessTier what new objects are stored as, such as {@code Cool}; the account's default when empty
 * @param timeout how long a request may take
 */
record AzureOptions(
    String container, KeyPrefix prefix, Optional<String> endpoint, Optional<Path> credentialsFile, Optional<String> accessTier,
    Duration timeout) {

  private static final Set<String> NAMES = Set.of("endpoint", "credentials-file", "storage-class", "timeout");

  static AzureOptions of(StoreLocation location) throws ObjectStoreException.Invalid {
    location.allowOptions(NAMES);
    String container = location.bucket().orElse("");
    if (!container.matches("[a-z0-9](?:-?[a-z0-9]){2,62}")) {
      throw new ObjectStoreException.Invalid("open " + location, "it names no container", "Write azure://CONTAINER/PREFIX", null);
    }
    String endpoint = location.option("endpoint").orElse("");
    if (!endpoint.isEmpty() && !endpoint.matches("https?://[A-Za-z0-9.:\\[\\]/-]+")) {
      throw location.invalidOption("endpoint", "must be https://ACCOUNT.blob.core.windows.net, without a signature behind it");
    }
    String timeout = location.option("timeout").orElse("60");
    if (!timeout.matches("[1-9]\\d{0,3}")) {
      throw location.invalidOption("timeout", "must be 1 to 9999 seconds");
    }
    return new AzureOptions(container, KeyPrefix.of(location), Optional.of(endpoint).filter(text -> !text.isEmpty()),
        location.option("credentials-file").map(Path::of), location.option("storage-class"), Duration.ofSeconds(Long.parseLong(timeout)));
  }
}
