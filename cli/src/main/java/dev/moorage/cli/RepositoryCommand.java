package dev.moorage.cli;

import dev.moorage.client.ClientException;
import dev.moorage.volume.RepositoryName;
import jakarta.json.JsonObject;
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
}
