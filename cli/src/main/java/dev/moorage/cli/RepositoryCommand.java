package dev.moorage.cli;

import dev.moorage.client.AdminClient;
import dev.moorage.client.ClientException;
import dev.moorage.volume.RepositoryName;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code moorage repository …}. */
@Command(name = "repository", description = "Make, look at and restore from repositories of remote snapshots.",
    synopsisSubcommandLabel = "COMMAND")
final class RepositoryCommand {

  private static final String BASE = "/v1/repositories";

  private RepositoryCommand() {}

  /** The command itself, which only holds the others. */
  static Object group() {
    return new RepositoryCommand();
  }

  /** The path of all repositories. */
  static String all() {
    return BASE;
  }

  /** The path of one; a name that cannot be one is wrong usage. */
  static String path(String name) {
    return BASE + "/" + new RepositoryName(name);
  }

  @Command(name = "ls", description = "List the repositories that this host knows. Asks none of them.")
  static final class Ls implements Callable<Integer> {
    private final MoorageCommand root;

    Ls(MoorageCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() throws ClientException {
      List<JsonObject> repositories = root.questions().get(BASE).getJsonArray("repositories").getValuesAs(JsonObject.class);
      root.results().list(repositories, RepositoryViews.repositories(),
          "There are no repositories. Make one with 'moorage repository create NAME LOCATION'.");
      return ExitCode.OK;
    }
  }

  @Command(name = "inspect", description = "Show everything about repositories: keys, volumes, what is stored, requests made.")
  static final class Inspect implements Callable<Integer> {
    private final MoorageCommand root;

    @Parameters(paramLabel = "REPOSITORY", arity = "1..*")
    List<String> names = List.of();

    Inspect(MoorageCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      Questions questions = root.questions();
      return Each.look(root, names, RepositoryViews.repositories(), name -> {
        JsonObject contents = questions.get(path(name) + ":contents").getJsonObject("contents");
        JsonObjectBuilder both = AdminClient.json().createObjectBuilder(questions.get(path(name)).getJsonObject("repository"));
        JsonObject json = both.add("contents", contents)
            .add("transfers", questions.get(path(name) + ":transfers").getJsonObject("transfers")).build();
        return new Each.Done(json, RepositoryViews.details(json, root.clock().instant()));
      });
    }
  }

  @Command(name = "remove", description = "Forget where repositories are. What they hold stays as it is.")
  static final class Remove implements Callable<Integer> {
    private final MoorageCommand root;

    @Parameters(paramLabel = "REPOSITORY", arity = "1..*")
    List<String> names = List.of();

    Remove(MoorageCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      Questions questions = root.questions();
      return Each.of(root, names, RepositoryViews.repositories(), name -> {
        JsonObject repository = questions.delete("removing " + name, path(name)).getJsonObject("repository");
        return new Each.Done(repository, "repository " + name + " is no longer known here; all that it holds is still at "
            + JsonText.text(repository, "location", ""));
      });
    }
  }

  @Command(name = "forget", description = {
      "Forget remote snapshots for good. What only they use is deleted by the next 'gc'.",
      "Local copies of them stay."})
  static final class Forget implements Callable<Integer> {
    private final MoorageCommand root;

    @Parameters(index = "0", paramLabel = "REPOSITORY")
    String name = "";

    @Parameters(index = "1..*", paramLabel = "VOLUME@SNAPSHOT", arity = "1..*",
        description = "Such as db@before, docker/db@before, host1/db@before, or an exact name of 'snapshots'.")
    List<String> snapshots = List.of();

    Forget(MoorageCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      Questions questions = root.questions();
      return Each.of(root, snapshots, RepositoryViews.snapshots(root.clock().instant()), snapshot -> {
        JsonObject gone = questions.post("forgetting " + snapshot, path(name) + ":forget", Questions.body().add("snapshot", snapshot))
            .getJsonObject("snapshot");
        return new Each.Done(gone, "snapshot " + RepositoryViews.snapshotName(gone) + " is forgotten. 'moorage repository gc " + name
            + "' frees what only it used");
      });
    }
  }
}
