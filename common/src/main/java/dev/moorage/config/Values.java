package dev.moorage.config;

import dev.moorage.volume.BackendKind;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Readers of single values. Each throws {@link IllegalArgumentException} with a sentence for the user. */
final class Values {

  /** sun_path of sockaddr_un holds 108 bytes with its final zero (unix(7)). */
  private static final int SOCKET_PATH_BYTES_MAX = 107;

  private Values() {}

  static Path absolutePath(String text) {
    try {
      Path path = Path.of(text);
      if (text.isEmpty() || !path.isAbsolute()) {
        throw new IllegalArgumentException("'" + text + "' is not an absolute path; begin it with /");
      }
      return path.normalize();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("'" + text.replace('\0', '?') + "' is not a path", e);
    }
  }

  static Path socket(String text) {
    Path path = absolutePath(text);
    if (path.toString().getBytes(StandardCharsets.UTF_8).length > SOCKET_PATH_BYTES_MAX) {
      throw new IllegalArgumentException(
          "'" + text + "' is too long for a socket; Linux allows " + SOCKET_PATH_BYTES_MAX + " bytes");
    }
    return path;
  }

  static Optional<Path> socketOrNone(String text) {
    return text.equals("none") ? Optional.empty() : Optional.of(socket(text));
  }

  static Optional<Path> absolutePathOrNone(String text) {
    return text.equals("none") ? Optional.empty() : Optional.of(absolutePath(text));
  }

  static Optional<ListenAddress> listenOrNone(String text) {
    return text.equals("none") ? Optional.empty() : Optional.of(ListenAddress.parse(text));
  }

  /** What Kubernetes calls a node, which must do as the value of a label as well. */
  static String nodeId(String text) {
    if (!text.matches("[a-zA-Z0-9]([a-zA-Z0-9_.-]*[a-zA-Z0-9])?") || text.length() > CsiConfiguration.NODE_ID_CHARS_MAX) {
      throw new IllegalArgumentException("'" + text + "' cannot be a node's id; use 1 to " + CsiConfiguration.NODE_ID_CHARS_MAX
          + " letters, digits, '_', '.' and '-', with a letter or digit at both ends");
    }
    return text;
  }

  static boolean yesOrNo(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("'" + text + "' is neither true nor false");
    };
  }

  /** A number that may be 0. */
  static int count(String text) {
    if (!text.matches("[0-9]{1,7}")) {
      throw new IllegalArgumentException("'" + text + "' is not a number from 0 to 9999999");
    }
    return Integer.parseInt(text);
  }

  /** The address of an object store; a password in it must not end in messages, so the text is not repeated. */
  static String storeAddress(String text) {
    try {
      URI address = new URI(text);
      if (address.getScheme() == null || address.isOpaque() || address.getUserInfo() != null || address.getQuery() != null
          || address.getFragment() != null) {
        throw new IllegalArgumentException("an address such as file:///mnt/backup or s3://bucket/prefix is expected here; "
            + "options and credentials do not belong in it");
      }
      return text;
    } catch (URISyntaxException e) {
      // Without the cause, which quotes the text.
      throw new IllegalArgumentException("character " + (e.getIndex() + 1) + " cannot stand in an address as it is; write a blank as %20, a % as"
          + " %25, and other such characters alike");
    }
  }

  static double fraction(String text) {
    double value = text.endsWith("%") ? number(text.substring(0, text.length() - 1)) / 100 : number(text);
    if (value < 0 || value > 0.9) {
      throw new IllegalArgumentException("'" + text + "' is not between 0% and 90%");
    }
    return value;
  }

  static Optional<Double> overcommit(String text) {
    if (text.equals("default")) {
      return Optional.empty();
    }
    double value = number(text);
    if (value <= 0 || value > 1000) {
      throw new IllegalArgumentException("'" + text + "' is not above 0 and at most 1000");
    }
    return Optional.of(value);
  }

  static List<BackendKind> backends(String text) {
    List<BackendKind> kinds = Arrays.stream(text.split(",", -1)).map(String::strip).map(BackendKind::parse).toList();
    if (kinds.stream().distinct().count() != kinds.size()) {
      throw new IllegalArgumentException("'" + text + "' names a backend twice");
    }
    return kinds;
  }

  private static double number(String text) {
    if (!text.strip().matches("\\d{1,9}(\\.\\d{1,9})?")) {
      throw new IllegalArgumentException("'" + text + "' is not a number");
    }
    return Double.parseDouble(text.strip());
  }
}
