package dev.moorage.cli;

import dev.moorage.admin.RepositoryJson;
import dev.moorage.admin.UsageJson;
import dev.moorage.client.AdminClient;
import dev.moorage.client.ClientException;
import dev.moorage.repository.gc.CollectionProgress;
import dev.moorage.storage.RepositoryContents;
import dev.moorage.storage.RepositorySettings;
import dev.moorage.volume.VolumeException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code moorage repository inspect}. */
@Command(name = "inspect", description = {
    "Show everything about repositories: keys, volumes, what is stored, requests made.",
    "With --location it needs no service."})
final class RepositoryInspectCommand implements Callable<Integer> {

  private final MoorageCommand root;

  @Parameters(paramLabel = "REPOSITORY", arity = "0..*", description = "Not with --location.")
  List<String> names = List.of();

  @Option(names = "--usage", description = "Also what each volume and each snapshot takes alone: reads the map of every snapshot.")
  boolean usage;

  @Mixin
  RepositoryPlace place = new RepositoryPlace();

  RepositoryInspectCommand(MoorageCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() throws ClientException, VolumeException {
    if (names.isEmpty() != place.isDirect()) {
      throw new IllegalArgumentException("write 'REPOSITORY…', or '--location URL' with a key");
    }
    if (place.isDirect()) {
      JsonObject json = direct();
      root.results().details(false, List.of(json), RepositoryViews.repositories(),
          List.of(RepositoryViews.details(json, root.clock().instant())));
      return ExitCode.OK;
    }
    Questions questions = root.questions();
    return Each.look(root, names, RepositoryViews.repositories(), name -> {
      String path = RepositoryCommand.path(name);
      JsonObject contents = questions.get(path + ":contents").getJsonObject("contents");
      JsonObject used = usage ? questions.get(path + ":usage").getJsonObject("usage") : null;
      JsonObjectBuilder json = AdminClient.json().createObjectBuilder(questions.get(path).getJsonObject("repository")).add("contents", contents)
          .add("transfers", questions.get(path + ":transfers").getJsonObject("transfers"));
      JsonObject whole = (used == null ? json : json.add("usage", used)).build();
      return new Each.Done(whole, RepositoryViews.details(whole, root.clock().instant()));
    });
  }

  private JsonObject direct() throws ClientException, VolumeException {
    RepositorySettings settings = place.settings(root, "");
    return DirectRepository.use("inspect the repository at " + settings.location(), settings, root.clock(), repository -> {
      JsonObjectBuilder json = AdminClient.json().createObjectBuilder()
          .add("name", settings.location())
          .add("id", repository.header().id().toString())
          .add("location", settings.location())
          .add("contents", RepositoryJson.contents(RepositoryContents.of(repository)));
      if (usage) {
        json.add("usage", UsageJson.usage(repository.accounting(CollectionProgress.NONE).usage()));
      }
      return json.build();
    });
  }
}
