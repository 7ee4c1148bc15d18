package dev.moorage.storage;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.moorage.objectstore.file.FileStores;
import dev.moorage.repository.Repository;
import dev.moorage.repository.key.KeyFile;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** A copy of all snapshots of one repository in a local directory into another one, for a process that is killed somewhere in it. */
final class CopyHistorySteps {

  static final KeyFile HERE = new KeyFile("the key of the one repository...".getBytes(US_ASCII));
  static final KeyFile THERE = new KeyFile("the key of the other repository.".getBytes(US_ASCII));

  private CopyHistorySteps() {}

  static List<RepositoryCopy.Line> copy(Path here, Path there, Path spool) throws Exception {
    try (Repository from = Repository.open(FileStores.open(here), HERE, Clock.systemUTC());
        Repository to = Repository.open(FileStores.open(there), THERE, Clock.systemUTC())) {
      RepositoryCopy copy = new RepositoryCopy(from, to, spool);
      return copy.run("copy", copy.select("copy", List.of(), List.of()), "copier", (_, _, _) -> _ -> { });
    }
  }

  /** The process that is killed. */
  public static void main(String[] arguments) throws Exception {
    copy(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]));
  }
}
