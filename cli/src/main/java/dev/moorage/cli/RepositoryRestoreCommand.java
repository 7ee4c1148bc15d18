package dev.moorage.cli;

import dev.moorage.admin.RepositoryJson;
import dev.moorage.client.ClientException;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.storage.FileRestore;
import dev.moorage.storage.RemoteSnapshots;
import dev.moorage.storage.RepositorySettings;
import dev.moorage.volume.VolumeException;
import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code moorage repository restore}: works in this process; the service at most says where the repository is. */
@Command(name = "restore", description = {
    "Restore a snapshot to a raw file, which holds what the volume's disk held: 'mount -o loop FILE DIRECTORY' shows it.",
    "When it is interrupted, the same command goes on. With --location it needs no service."})
final class RepositoryRestoreCommand implements Callable<Integer> {

  private final MoorageCommand root;

  @Parameters(paramLabel = "REPOSITORY VOLUME@SNAPSHOT", arity = "1..2", description = {
      "Such as 'backups db@latest', host1/db@before, or an exact name of 'snapshots'.",
      "With --location only the snapshot."})
  List<String> words = List.of();

  @Option(names = "--to-file", paramLabel = "FILE", required = true, description = "The file to be made; it must not exist.")
  String file = "";

  @Mixin
  RepositoryPlace place = new RepositoryPlace();

  RepositoryRestoreCommand(MoorageCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() throws ClientException, VolumeException {
    String snapshot = place.rest(words, 1, 1, " VOLUME@SNAPSHOT").getFirst();
    String action = "restore " + snapshot;
    RepositorySettings settings = place.settings(root, place.name(words));
    Path target = Path.of(file).toAbsolutePath();
    SnapshotEntry restored = DirectRepository.use(action, settings, root.clock(), repository -> {
      SnapshotEntry entry = RemoteSnapshots.find(action, repository, snapshot);
      try (ProgressLine line = new ProgressLine(root.terminal(), "restoring " + entry.label(), entry.size())) {
        new FileRestore(repository, entry, target).run(action, line::at);
      }
      return entry;
    });
    JsonObject json = RepositoryJson.snapshot(restored).add("file", target.toString()).build();
    root.results().changed(json, new View(List.of(), _ -> target.toString()), "snapshot " + RepositoryViews.snapshotName(json)
        + " is restored to " + target);
    return ExitCode.OK;
  }
}
