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

/** {@code moorage snapshot mount}. */
@Command(name = "mount", description = {
    "Mount a snapshot read-only, to look into it.",
    "A remote one is fetched first, which takes room in a pool until it is unmounted. Ctrl-C ends the fetching."})
final class SnapshotMountCommand implements Callable<Integer> {

  static final String REFERENCE = "Such as db@before or docker/db@before; of a repository, host1/db@before or backups:db@latest.";

  private static final View ID = new View(List.of(), json -> json.getString("id"));

  private final MoorageCommand root;

  @Parameters(index = "0", paramLabel = "VOLUME@SNAPSHOT", description = REFERENCE)
  String name = "";

  @Parameters(index = "1", paramLabel = "DIRECTORY", arity = "0..1", description = "An empty directory. Default: one of the service's own.")
  String directory = "";

  @Option(names = "--pool", paramLabel = "POOL", description = "Into which a remote snapshot is fetched. Default: the default pool.")
  String pool = "";

  @Option(names = "--no-wait", description = {"Return as soon as the fetching has begun. The same command again, when that has ended,",
      "mounts it; 'moorage snapshot unmount' ends it."})
  boolean noWait;

  SnapshotMountCommand(MoorageCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() throws ClientException {
    JsonObject answer = mount(name);
    // By its id from now on: what latest means may change while it is fetched.
    while (answer.get("job") instanceof JsonObject job) {
      if (noWait) {
        root.results().changed(job, ID, "snapshot " + name + " is being fetched by job " + job.getString("id"));
        return ExitCode.OK;
      }
      JsonObject ended = new Watching(root, "fetching " + name).orCancel(job);
      if (Watching.state(ended).equals("failed")) {
        root.results().changed(ended, ID,
            "snapshot " + name + " could not be fetched: " + JsonText.text(ended, "error", "the service's log says why"));
        return ExitCode.FAILED;
      }
      answer = mount(answer.getString("snapshot"));
    }
    root.results().changed(answer, new View(List.of(), json -> json.getString("path")), "snapshot " + name + " is mounted at "
        + answer.getString("path") + ". 'moorage snapshot unmount " + name + "' ends that");
    return ExitCode.OK;
  }

  private JsonObject mount(String which) throws ClientException {
    JsonObjectBuilder body = Questions.body();
    if (!directory.isEmpty()) {
      body.add("target", Path.of(directory).toAbsolutePath().normalize().toString());
    }
    if (!pool.isEmpty()) {
      body.add("pool", pool);
    }
    return root.questions().post("mounting " + name, Questions.snapshot(which) + ":mount", body);
  }

  /** {@code moorage snapshot unmount}. */
  @Command(name = "unmount", description = "End 'mount'; what was fetched for it is deleted.")
  static final class Unmount implements Callable<Integer> {
    private final MoorageCommand root;

    @Parameters(paramLabel = "VOLUME@SNAPSHOT", arity = "1..*", description = REFERENCE)
    List<String> names = List.of();

    Unmount(MoorageCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      Questions questions = root.questions();
      View plain = new View(List.of(), json -> json.getString("snapshot"));
      return Each.of(root, names, plain, name -> {
        questions.post("unmounting " + name, Questions.snapshot(name) + ":unmount", Questions.body());
        return new Each.Done(Questions.body().add("snapshot", name).add("mounted", false).build(),
            "snapshot " + name + " is mounted nowhere any more");
      });
    }
  }
}
