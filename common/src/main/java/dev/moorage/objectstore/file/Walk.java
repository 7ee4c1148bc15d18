package dev.moorage.objectstore.file;

import dev.moorage.objectstore.Listing;
import dev.moorage.objectstore.ObjectHead;
import dev.moorage.objectstore.ObjectKey;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One page of a list. Goes through directories in the order of the keys: a directory sorts as its name with a slash, so that {@code a-b},
 * {@code a/b} and {@code a0} come in this order. Directories in which no wanted key can be are not opened.
 */
final class Walk {

  private static final String SEPARATOR = "/";

  private final Path root;
  private final String prefix;
  private final String after;
  private final int limit;
  private final List<Listing.Entry> found = new ArrayList<>();

  Walk(Path root, String prefix, String after, int limit) {
    this.root = root;
    this.prefix = prefix;
    this.after = after;
    this.limit = limit;
  }

  Listing page() throws IOException {
    // The root itself must be there: without it the list would be empty, which means something else.
    boolean complete = visit(root, "", true);
    return new Listing(found, complete ? Optional.empty() : Optional.of(found.getLast().key().value()));
  }

  /** Whether it went through to the end, and did not stop because the page is full. */
  private boolean visit(Path directory, String base, boolean required) throws IOException {
    for (String name : names(directory, base, required)) {
      String path = base + name;
      if (name.endsWith(SEPARATOR)) {
        if (mayHold(path) && !visit(root.resolve(path), path, false)) {
          return false;
        }
      } else if (path.startsWith(prefix) && path.compareTo(after) > 0) {
        Optional<ObjectHead> head = ObjectFile.head(root.resolve(path));
        if (head.isPresent() && found.size() == limit) {
          return false;
        }
        head.ifPresent(it -> found.add(new Listing.Entry(new ObjectKey(path), it.size(), it.lastModified())));
      }
    }
    return true;
  }

  /** The names in a directory, those of directories with a slash, in the order of keys; names that are no part of a key are left out. */
  private static List<String> names(Path directory, String base, boolean required) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (ObjectKey.isKey(base + name)) {
          names.add(Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS) ? name + SEPARATOR : name);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      if (required) {
        throw e;
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    names.sort(null);
    return names;
  }

  /** Whether a wanted key can begin with this path of a directory. */
  private boolean mayHold(String path) {
    boolean ofPrefix = path.startsWith(prefix) || prefix.startsWith(path);
    boolean afterwards = after.startsWith(path) || path.compareTo(after) > 0;
    return ofPrefix && afterwards;
  }
}
