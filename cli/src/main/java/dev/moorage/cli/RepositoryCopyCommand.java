package dev.moorage.cli;

import dev.moorage.admin.RepositoryJson;
import dev.moorage.client.AdminClient;
import dev.moorage.client.ClientException;
import dev.moorage.repository.Inventory;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.storage.HostName;
import dev.moorage.storage.RepositoryCopy;
import dev.moorage.storage.RepositorySettings;
import dev.moorage.volume.VolumeException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code moorage repository copy}: works in this process; the service only says where the repositories are. */
@Command(name = "copy", description = {
    "Copy snapshots into another repository, with other keys, in another store: all, or those of volumes, or single ones.",
    "What is there already is not copied again, and of the others only what changed. When it is interrupted, the same command",
    "goes on. Exit code 1 when something could not be copied."})
final class RepositoryCopyCommand implements Callable<Integer> {

  private final MoorageCommand root;

  @Parameters(index = "0", paramLabel = "FROM")
  String from = "";

  @Parameters(index = "1", paramLabel = "TO")
  String to = "";

  @Option(names = "--volume", paramLabel = "VOLUME", description = "All snapshots of it: db, docker/db, host1/db or an id.")
  List<String> volumes = List.of();

  @Option(names = "--snapshot", paramLabel = "VOLUME@SNAPSHOT", description = "This one, such as db@latest.")
  List<String> snapshots = List.of();

  @Option(names = "--spool", paramLabel = "DIRECTORY", description = "A local disk with 300 MB for what is on its way. Default: /var/tmp.")
  String spool = "/var/tmp";

  RepositoryCopyCommand(MoorageCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() throws ClientException, VolumeException {
    String action = "copy from repository " + from + " to " + to;
    RepositorySettings source = new RepositoryPlace().settings(root, from);
    RepositorySettings target = new RepositoryPlace().settings(root, to);
    List<Inventory.Unread> unread = new ArrayList<>();
    List<RepositoryCopy.Line> lines = DirectRepository.use(action, source, root.clock(), one ->
        DirectRepository.use(action, target, root.clock(), other -> {
          try (SpoolDirectory directory = SpoolDirectory.in(action, spool); Shown shown = new Shown()) {
            RepositoryCopy copy = new RepositoryCopy(one, other, directory.path());
            List<SnapshotEntry> selected = copy.select(action, volumes, snapshots);
            unread.addAll(copy.unread());
            return copy.run(action, selected, HostName.ofMachine(), shown);
          }
        }));
    List<JsonObject> things = lines.stream().map(RepositoryCopyCommand::json).toList();
    root.results().changed(things, new View(List.of(), json -> json.getString("exact")), sentences(lines));
    unread.forEach(each -> root.terminal().err().println("moorage: not copied, because it cannot be read: " + each.seat() + ": "
        + each.why().getMessage()));
    boolean failed = !unread.isEmpty() || lines.stream().map(RepositoryCopy.Line::result)
        .anyMatch(result -> result == RepositoryCopy.Result.REFUSED || result == RepositoryCopy.Result.UNREADABLE);
    return failed ? ExitCode.FAILED : ExitCode.OK;
  }

  /** What is under way, on a terminal. */
  private final class Shown implements RepositoryCopy.Watcher, AutoCloseable {

    private final AtomicReference<@Nullable ProgressLine> line = new AtomicReference<>();

    @Override
    public LongConsumer begins(SnapshotEntry original, int number, int count) {
      close();
      ProgressLine next = new ProgressLine(root.terminal(), "copying " + original.label() + " (" + number + " of " + count + ")", original.size());
      line.set(next);
      return bytes -> {
        synchronized (next) {
          next.at(bytes);
        }
      };
    }

    @Override
    public void close() {
      ProgressLine last = line.getAndSet(null);
      if (last != null) {
        last.close();
      }
    }
  }

  private static JsonObject json(RepositoryCopy.Line line) {
    JsonObjectBuilder json = AdminClient.json().createObjectBuilder(RepositoryJson.snapshot(line.original()).build());
    json.add("result", line.result().name().toLowerCase(Locale.ROOT).replace('_', '-')).add("copiedBytes", line.addedBytes());
    return (line.detail().isEmpty() ? json.addNull("detail") : json.add("detail", line.detail())).build();
  }

  private List<String> sentences(List<RepositoryCopy.Line> lines) {
    List<String> sentences = new ArrayList<>();
    for (RepositoryCopy.Line line : lines) {
      String name = RepositoryViews.snapshotName(json(line));
      switch (line.result()) {
        case COPIED -> sentences.add("copied " + name + ", " + Humans.size(line.addedBytes()) + " stored");
        case PRESENT -> { }
        case TOO_OLD, REFUSED, UNREADABLE -> sentences.add("not copied: " + name + ": " + line.detail());
      }
    }
    long there = lines.stream().filter(line -> line.result() == RepositoryCopy.Result.PRESENT).count();
    long copied = lines.stream().filter(line -> line.result() == RepositoryCopy.Result.COPIED).count();
    sentences.add(copied + " copied to " + to + ", " + there + " there already" + lines.stream()
        .filter(line -> line.result() != RepositoryCopy.Result.PRESENT && line.result() != RepositoryCopy.Result.COPIED)
        .collect(Collectors.collectingAndThen(Collectors.counting(), left -> left == 0 ? "" : ", " + left + " not copied")));
    return sentences;
  }
}
