package dev.moorage.cli;

import dev.moorage.client.ClientException;
import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code moorage snapshot cp}. */
@Command(name = "cp", description = {
    "Copy a file or a directory out of a snapshot, local or remote, with owners, modes, times, attributes and links.",
    "What is there already is never overwritten. A remote snapshot is fetched first. Ending the command does not end the copy."})
final class SnapshotCopyCommand implements Callable<Integer> {

  private final MoorageCommand root;

  @Parameters(index = "0", paramLabel = "VOLUME@SNAPSHOT:/PATH", description = "Such as db@before:/etc/app.conf or host1/db@latest:/.")
  String source = "";

  @Parameters(index = "1", paramLabel = "TARGET", description = "Where it shall be, or the directory in which it shall be.")
  String target = "";

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
    JsonObject begun = root.questions().post("copying " + source, Questions.snapshot(snapshot) + ":copy", Questions.body()
        .add("path", source.substring(colon + 1)).add("target", Path.of(target).toAbsolutePath().normalize().toString())).getJsonObject("job");
    JsonObject job = new Watching(root, "copying " + source).toTheEnd(begun);
    boolean failed = Watching.state(job).equals("failed");
    String note = JsonText.text(job, "note", "");
    root.results().changed(job, new View(List.of(), json -> json.getString("id")), failed
        ? source + " is not copied: " + JsonText.text(job, "error", "the service's log says why")
        : source + " is copied to " + target + (note.isEmpty() ? "" : "; " + note));
    return failed ? ExitCode.FAILED : ExitCode.OK;
  }
}
