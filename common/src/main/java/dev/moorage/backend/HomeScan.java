package dev.moorage.backend;

import dev.moorage.pool.PoolLayout;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/** Walks the directories of a pool in which homes stand. */
public final class HomeScan {

  private HomeScan() {}

  /** Every home of the pool that has what is looked for; directories whose name is not an id are none. */
  public static List<Home> of(PoolLayout layout, Predicate<Home> wanted) throws IOException {
    List<Home> found = new ArrayList<>();
    for (Path place : List.of(layout.volumes(), layout.snapshots(), layout.bases(), layout.views(), layout.tmp(), layout.trash())) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(place)) {
        for (Path entry : entries) {
          home(entry).filter(wanted).ifPresent(found::add);
        }
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
    }
    return found;
  }

  private static Optional<Home> home(Path directory) {
    try {
      return Optional.of(new Home(UUID.fromString(directory.getFileName().toString()), directory));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
