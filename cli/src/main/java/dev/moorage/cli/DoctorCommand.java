package dev.moorage.cli;

import dev.moorage.client.AdminClient;
import dev.moorage.config.Configuration;
import dev.moorage.doctor.Doctor;
import dev.moorage.doctor.Finding;
import jakarta.json.JsonArrayBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code moorage doctor}: exit code 1 when something that Moorage needs is missing or broken. */
@Command(name = "doctor", description = {
    "Check this machine, its pools, its Docker Engine and the service, and say what to do about each finding.",
    "Understands the flags of 'serve'; works without a running service."})
final class DoctorCommand implements Callable<Integer> {

  private static final String ENGINE = "/var/run/docker.sock";
  private static final String UNIX = "unix://";

  private final MoorageCommand root;

  @Mixin
  ServeFlags flags = new ServeFlags();

  DoctorCommand(MoorageCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    Optional<Configuration> configuration = flags.read(root, "examine this machine");
    if (configuration.isEmpty()) {
      return ExitCode.USAGE;
    }
    String engine = root.environment().getOrDefault("DOCKER_HOST", "");
    Path socket = Path.of(engine.startsWith(UNIX) ? engine.substring(UNIX.length()) : ENGINE);
    List<Finding> findings = Doctor.examine(configuration.get(), socket, root.clock());
    root.terminal().out().print(shown(findings));
    return findings.stream().anyMatch(finding -> finding.level() == Finding.Level.FAIL) ? ExitCode.FAILED : ExitCode.OK;
  }

  private String shown(List<Finding> findings) {
    return switch (root.output) {
      case json -> json(findings);
      case name -> String.join("", findings.stream().map(finding -> finding.level().word() + " " + finding.check() + "\n").toList());
      case table -> text(findings);
    };
  }

  private static String json(List<Finding> findings) {
    JsonArrayBuilder array = AdminClient.json().createArrayBuilder();
    findings.forEach(finding -> array.add(AdminClient.json().createObjectBuilder()
        .add("check", finding.check())
        .add("level", finding.level().word())
        .add("meaning", finding.meaning())
        .add("remedy", finding.remedy())));
    return JsonText.of(array.build()) + "\n";
  }

  private static String text(List<Finding> findings) {
    StringBuilder text = new StringBuilder();
    for (Finding finding : findings) {
      text.append(String.format("%-4s  %-13s  %s%n", finding.level().word(), finding.check(), finding.meaning()));
      if (!finding.remedy().isEmpty()) {
        text.append(" ".repeat(21)).append("→ ").append(finding.remedy()).append('\n');
      }
    }
    long failed = findings.stream().filter(finding -> finding.level() == Finding.Level.FAIL).count();
    long warned = findings.stream().filter(finding -> finding.level() == Finding.Level.WARN).count();
    return text.append(failed == 0 && warned == 0 ? "All is well.\n" : failed + " to mend, " + warned + " to know about.\n").toString();
  }
}
