package dev.moorage.cli;

import dev.moorage.admin.RepositoryJson;
import dev.moorage.client.ClientException;
import dev.moorage.repository.verify.Verifier;
import dev.moorage.repository.verify.VerifyDepth;
import dev.moorage.repository.verify.VerifyReport;
import dev.moorage.storage.RepositorySettings;
import dev.moorage.volume.VolumeException;
import jakarta.json.JsonObject;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code moorage repository verify}: works in this process; the service at most says where the repository is. */
@Command(name = "verify", description = {
    "Read what the snapshots of a repository need, and name every damage and the snapshots that it concerns.",
    "It changes nothing. Exit code 1 when something is damaged. With --location it needs no service."})
final class RepositoryVerifyCommand implements Callable<Integer> {

  /** The depths; in lower case because users type them. */
  enum Depth {
    maps,
    objects,
    bytes
  }

  private static final String PART = "\\d{1,3}(\\.\\d{1,3})?%";

  private final MoorageCommand root;

  @Parameters(paramLabel = "REPOSITORY", arity = "0..1", description = "Not with --location.")
  List<String> words = List.of();

  @Option(names = "--depth", paramLabel = "DEPTH",
      description = "maps: entries and maps; objects (default): also each pack's ends; bytes: every byte.")
  Depth depth = Depth.objects;

  @Option(names = "--sample", paramLabel = "PERCENT",
      description = "Read every byte of so many packs, such as 3%%; others each day, so that a daily run comes to all.")
  String sample = "";

  @Mixin
  RepositoryPlace place = new RepositoryPlace();

  RepositoryVerifyCommand(MoorageCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() throws ClientException, VolumeException {
    place.rest(words, 0, 0, "");
    double part = part();
    RepositorySettings settings = place.settings(root, place.name(words));
    VerifyDepth chosen = sample.isEmpty() ? VerifyDepth.valueOf(depth.name().toUpperCase(Locale.ROOT)) : VerifyDepth.BYTES;
    long day = root.clock().instant().atZone(ZoneOffset.UTC).getLong(ChronoField.EPOCH_DAY);
    VerifyReport report = DirectRepository.use("verify the repository at " + settings.location(), settings, root.clock(), repository -> {
      try (ProgressLine line = new ProgressLine(root.terminal(), "verifying")) {
        return repository.verify(new Verifier.Settings(chosen, part, day, line::at));
      }
    });
    JsonObject json = RepositoryJson.report(report).build();
    root.results().changed(json, new View(List.of(), _ -> report.isSound() ? "sound" : "damaged"), sentence(chosen, report));
    return report.isSound() ? ExitCode.OK : ExitCode.FAILED;
  }

  private double part() {
    if (sample.isEmpty()) {
      return 1;
    }
    double percent = sample.matches(PART) ? Double.parseDouble(sample.replace("%", "")) : -1;
    if (percent < 0 || percent > 100) {
      throw new IllegalArgumentException("--sample: '" + sample + "' is not a percentage, such as 3%");
    }
    return percent / 100;
  }

  private static String sentence(VerifyDepth depth, VerifyReport report) {
    String looked = report.snapshots() + " snapshots in " + report.packs() + " packs" + (depth == VerifyDepth.BYTES
        ? ", of which " + report.packsRead() + " were read to the last byte (" + Humans.size(report.bytesRead()) + ")" : "");
    if (report.isSound()) {
      return looked + ": all that was read is as it was written";
    }
    return looked + ": " + report.findings().size() + (report.findings().size() == 1 ? " damage" : " damages") + "\n"
        + report.findings().stream().map(RepositoryVerifyCommand::line).collect(Collectors.joining("\n"))
        + "\nAll snapshots that are not named can be restored.";
  }

  private static String line(VerifyReport.Finding finding) {
    return "  " + finding.object() + " " + finding.reason()
        + (finding.snapshots().isEmpty() ? "" : "\n    concerns " + String.join(", ", finding.snapshots()));
  }
}
