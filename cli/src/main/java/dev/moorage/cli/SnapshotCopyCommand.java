package dev.moorage.cli;

import dev.moorage.client.ClientException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code moorage snapshot cp}. */
@Command(name = "cp", description = {
    "Copy a file or a directory out of a snapshot, local or remote, with owners, modes, times, attributes and links.",
    "What is there already is never overwritten. A remote snapshot is fetched first, which takes room in a pool",
    "meanwhile. Ctrl-C ends the copy, and leaves nothing of it."})
final class SnapshotCopyCommand implements Callable<Integer> {

  private static final View ID = new View(List.of(), json -> json.getString("id"));

  private final MoorageCommand root;

  @Parameters(index = "0", paramLabel = "VOLUME@SNAPSHOT:/PATH", description = "Such as db@before:/etc/app.conf or host1/db@latest:/.")
  String source = "";

  @Parameters(index = "1", paramLabel = "TARGET", description = "Where it shall be, or the directory in which it shall be.")
  String target = "";

  @Option(names = "--pool", paramLabel = "POOL", description = "Into which a remote snapshot is fetched. Default: the default pool.")
  String pool = "";

  @Option(names = "--no-wait", description = "Return as soon as the work has begun; 'moorage job' shows and cancels it.")
  boolean noWait;

  SnapshotCopyCommand(MoorageCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() throws ClientException {
    int colon = source.indexOf(":/");
    if (colon <= 0) {
      throw new IllegalArgumentException("'" + source + "' names no file of a snapshot; write VOLUME@SNAPSHOT:/PATH");
    }
    String snapshot = source.substring(0, colon);
    JsonObject begun = root.questions().post("copying " + source, Questions.snapshot(snapshot) + ":copy", body(source.substring(colon + 1)))
        .getJsonObject("job");
    if (noWait) {
      root.results().changed(begun, ID, source + " is being copied to " + target + " by job " + begun.getString("id"));
      return ExitCode.OK;
    }
    JsonObject job = new Watching(root, "copying " + source).orCancel(begun);
    boolean failed = Watching.state(job).equals("failed");
    String note = JsonText.text(job, "note", "");
    root.results().changed(job, ID, failed
        ? source + " is not copied: " + JsonText.text(job, "error", "the service's log says why")
        : source + " is copied to " + target + (note.isEmpty() ? "" : "; " + note));
    return failed ? ExitCode.FAILED : ExitCode.OK;
  }

  private JsonObjectBuilder body(String path) {
    JsonObjectBuilder body = Questions.body().add("path", path).add("target", Path.of(target).toAbsolutePath().normalize().toString());
    return pool.isEmpty() ? body : body.add("pool", pool);
  }
}
