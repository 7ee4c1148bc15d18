package dev.moorage.objectstore;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where an object store is and how it is to be used: {@code file:///var/backups}, {@code s3://bucket/prefix}. Never holds a secret:
 * an address with a user or a query in it is refused, and credentials come from the places that docs/object-stores.md lists.
 *
 * @param address scheme, bucket (or nothing for a directory) and prefix
 * @param options how to use it, such as {@code endpoint} and {@code region} of S3; which there are depends on the scheme
 */
public record StoreLocation(URI address, Map<String, String> options) {

  public StoreLocation {
    options = Map.copyOf(options);
  }

  /** A location without options. */
  public static StoreLocation of(String address) throws ObjectStoreException.Invalid {
    return of(address, Map.of());
  }

  /**
   * A location with options.
   *
   * @throws ObjectStoreException.Invalid when the address is none
   */
  public static StoreLocation of(String address, Map<String, String> options) throws ObjectStoreException.Invalid {
    URI uri;
    try {
      uri = new URI(address);
    } catch (URISyntaxException e) {
      // The exception is left out: its message quotes the address, in which somebody may have put a password.
      throw new ObjectStoreException.Invalid("open the object store's address",
          "its character " + (e.getIndex() + 1) + " cannot stand in an address as it is",
          "Write a blank as %20, a % as %25, and other such characters alike: a % and the two hexadecimal digits of each byte", null);
    }
    if (uri.getScheme() == null || uri.isOpaque()) {
      throw invalid("the object store's address", "it does not begin with a scheme such as file:// or s3://");
    }
    if (uri.getUserInfo() != null || uri.getQuery() != null || uri.getFragment() != null) {
      throw invalid(uri.getScheme() + " address", "it holds a user, a query or a fragment");
    }
    return new StoreLocation(uri, options);
  }

  /** The scheme, in lower case. */
  public String scheme() {
    return address.getScheme().toLowerCase(Locale.ROOT);
  }

  /** The host part: a bucket or container; empty for a directory. */
  public Optional<String> bucket() {
    return Optional.ofNullable(address.getAuthority()).filter(text -> !text.isEmpty());
  }

  /** The path without the slashes around it; empty for the whole bucket. */
  public String prefix() {
    String path = address.getPath() == null ? "" : address.getPath();
    return path.replaceAll("^/+|/+$", "");
  }

  /** The value of an option. */
  public Optional<String> option(String name) {
    return Optional.ofNullable(options.get(name));
  }

  /**
   * Refuses options that the store does not have.
   *
   * @throws ObjectStoreException.Invalid naming the options that are not among the known ones
   */
  public void allowOptions(Set<String> known) throws ObjectStoreException.Invalid {
    Set<String> unknown = new TreeSet<>(options.keySet());
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw invalid(toString(), "it has no option " + String.join(", ", unknown) + "; there are: "
          + (known.isEmpty() ? "none" : String.join(", ", new TreeSet<>(known))));
    }
  }

  /** What to throw when an option has a value that it cannot have. */
  public ObjectStoreException.Invalid invalidOption(String name, String reason) {
    return invalid(toString(), "option " + name + " " + reason);
  }

  private static ObjectStoreException.Invalid invalid(String thing, String reason) {
    return new ObjectStoreException.Invalid("open " + thing, reason, "See docs/object-stores.md", null);
  }

  /** The address alone, for messages. */
  @Override
  public String toString() {
    return address.toString();
  }
}
