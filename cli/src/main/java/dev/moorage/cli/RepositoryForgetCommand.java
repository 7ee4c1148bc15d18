package dev.moorage.cli;

import dev.moorage.admin.RepositoryJson;
import dev.moorage.admin.UsageJson;
import dev.moorage.client.AdminClient;
import dev.moorage.client.ClientException;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.storage.ForgetPlan;
import dev.moorage.storage.HostName;
import dev.moorage.storage.RemoteSnapshots;
import dev.moorage.storage.RepositorySettings;
import dev.moorage.volume.VolumeException;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code moorage repository forget}. */
@Command(name = "forget", description = {
    "Forget remote snapshots for good. What only they use is deleted by the next 'gc'.",
    "Local copies of them stay. With --location it needs no service."})
final class RepositoryForgetCommand implements Callable<Integer> {

  private final MoorageCommand root;

  @Parameters(paramLabel = "REPOSITORY VOLUME@SNAPSHOT", arity = "1..*", description = {
      "Such as 'backups db@before', docker/db@before, host1/db@before, or an exact name of 'snapshots'.",
      "With --location only the snapshots."})
  List<String> words = List.of();

  @Option(names = "--damaged", description = {"Give up entries that cannot be read, by their exact names VOLUME-ID#NUMBER: nothing that only they",
      "used can be restored, and collections go on."})
  boolean damaged;

  @Option(names = "--dry-run", description = "Forget nothing; say what it would free.")
  boolean dryRun;

  @Mixin
  RepositoryPlace place = new RepositoryPlace();

  RepositoryForgetCommand(MoorageCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() throws ClientException, VolumeException {
    List<String> snapshots = place.rest(words, 1, Integer.MAX_VALUE, " VOLUME@SNAPSHOT…");
    if (damaged && dryRun) {
      throw new IllegalArgumentException("what is damaged cannot be read, so --dry-run cannot tell what it used");
    }
    if (dryRun) {
      return plan(snapshots);
    }
    if (damaged) {
      return giveUp(snapshots);
    }
    return place.isDirect() ? forgetDirectly(snapshots) : forget(snapshots);
  }

  private int forget(List<String> snapshots) {
    Questions questions = root.questions();
    String name = place.name(words);
    return Each.of(root, snapshots, RepositoryViews.snapshots(root.clock().instant()), snapshot -> {
      JsonObject gone = questions.post("forgetting " + snapshot, RepositoryCommand.path(name) + ":forget", Questions.body().add("snapshot", snapshot))
          .getJsonObject("snapshot");
      return new Each.Done(gone, sentence(gone, name));
    });
  }

  private int giveUp(List<String> exact) throws ClientException, VolumeException {
    View view = new View(List.of(), json -> json.getString("exact"));
    if (!place.isDirect()) {
      Questions questions = root.questions();
      String name = place.name(words);
      return Each.of(root, exact, view, each -> {
        questions.post("giving up " + each, RepositoryCommand.path(name) + ":forget", Questions.body().add("snapshot", each).add("damaged", true));
        return givenUp(each);
      });
    }
    RepositorySettings settings = place.settings(root, "");
    String action = "give up damaged snapshots of the repository at " + settings.location();
    List<Each.Done> done = DirectRepository.use(action, settings, root.clock(), repository -> {
      for (String each : exact) {
        RemoteSnapshots.giveUp(action, repository, each, "command on " + HostName.ofMachine());
      }
      return exact.stream().map(RepositoryForgetCommand::givenUp).toList();
    });
    root.results().changed(done.stream().map(Each.Done::thing).toList(), view, done.stream().map(Each.Done::sentence).toList());
    return ExitCode.OK;
  }

  private static Each.Done givenUp(String exact) {
    return new Each.Done(Questions.body().add("exact", exact).build(), exact + " is given up");
  }

  private static String sentence(JsonObject gone, String name) {
    return "snapshot " + RepositoryViews.snapshotName(gone) + " is forgotten. 'moorage repository gc " + name + "' frees what only it used";
  }

  /** All are found before the first is forgotten. */
  private int forgetDirectly(List<String> snapshots) throws ClientException, VolumeException {
    RepositorySettings settings = place.settings(root, "");
    String action = "forget snapshots of the repository at " + settings.location();
    List<JsonObject> gone = DirectRepository.use(action, settings, root.clock(), repository -> {
      List<SnapshotEntry> found = new ArrayList<>();
      for (String snapshot : snapshots) {
        found.add(RemoteSnapshots.find(action, repository, snapshot));
      }
      for (SnapshotEntry each : found) {
        repository.history().forget(each.seat(), "command on " + HostName.ofMachine());
      }
      return found.stream().map(each -> RepositoryJson.snapshot(each).build()).toList();
    });
    root.results().changed(gone, RepositoryViews.snapshots(root.clock().instant()),
        gone.stream().map(each -> sentence(each, "--location " + settings.location() + " …")).toList());
    return ExitCode.OK;
  }

  private int plan(List<String> snapshots) throws ClientException, VolumeException {
    JsonObject plan;
    if (place.isDirect()) {
      RepositorySettings settings = place.settings(root, "");
      String action = "look what forgetting would free at " + settings.location();
      plan = UsageJson.plan(DirectRepository.use(action, settings, root.clock(), repository -> ForgetPlan.of(action, repository, snapshots))).build();
    } else {
      JsonArrayBuilder list = AdminClient.json().createArrayBuilder();
      snapshots.forEach(list::add);
      plan = root.questions().post("looking what forgetting would free", RepositoryCommand.path(place.name(words)) + ":plan-forget",
          Questions.body().add("snapshots", list));
    }
    JsonObject freed = plan.getJsonObject("freed");
    root.results().changed(plan, new View(List.of(), json -> json.getJsonObject("freed").getJsonNumber("bytes").toString()),
        "forgetting " + plan.getJsonArray("snapshots").getValuesAs(JsonObject.class).stream().map(RepositoryViews::snapshotName)
            .collect(Collectors.joining(", "))
            + " would let a gc free " + View.bytes(freed, "bytes") + " in " + View.number(freed, "packs") + " packs");
    return ExitCode.OK;
  }
}
