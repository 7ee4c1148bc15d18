package dev.moorage.doctor;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.ArrayList;
import java.util.List;

/** What the running service knows of its repositories. Their stores are not asked. */
final class RepositoryChecks {

  private static final String CHECK = "repository";

  private RepositoryChecks() {}

  static List<Finding> repositories(List<JsonObject> repositories) {
    List<Finding> findings = new ArrayList<>();
    for (JsonObject repository : repositories) {
      String name = repository.getString("name");
      if (repository.getString("recoveryKey", "").equals("unconfirmed")) {
        findings.add(Finding.warn("recovery-key", "nobody has shown that the recovery key of repository " + name + " was written down: "
            + "when this machine is lost, its snapshots may be too", "Run 'moorage repository confirm-key " + name
            + "'; if the key was lost, make another with 'moorage repository key add " + name + " --recovery'"));
      }
      if (repository.get("problem") instanceof JsonString problem) {
        findings.add(Finding.warn(CHECK, "repository " + name + " could not be opened: " + problem.getString(),
            "Run 'moorage repository inspect " + name + "' when that is mended"));
      } else {
        findings.add(Finding.ok(CHECK, "repository " + name + " is at " + repository.getString("location")));
      }
    }
    return findings;
  }
}
