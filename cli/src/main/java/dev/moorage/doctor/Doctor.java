package dev.moorage.doctor;

import dev.moorage.client.AdminClient;
import dev.moorage.client.ClientException;
import dev.moorage.client.ServiceUnreachable;
import dev.moorage.config.Configuration;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Examines the machine and, when it runs, the service. Each check stands for itself: one that cannot be made does not stop the others. */
public final class Doctor {

  private final Configuration configuration;
  private final Clock clock;
  private final Host host;
  private final AdminClient service;
  private final Subject subject;
  private final DockerChecks docker;
  private final List<Finding> findings = new ArrayList<>();

  private Doctor(Configuration configuration, Path engineSocket, Path root, Clock clock) {
    this.configuration = configuration;
    this.clock = clock;
    this.host = new Host(root);
    this.service = new AdminClient(configuration.adminSocket());
    this.subject = Subject.of(configuration, service);
    this.docker = new DockerChecks(subject.dockerSocket(), engineSocket);
  }

  /** Every finding, in the order of the checks. {@code engineSocket} is dockerd's. */
  public static List<Finding> examine(Configuration configuration, Path engineSocket, Clock clock) {
    return new Doctor(configuration, engineSocket, Path.of("/"), clock).examine();
  }

  private List<Finding> examine() {
    HostChecks machine = new HostChecks(host, clock);
    make("rights", machine::rights);
    make("kernel", machine::kernel);
    make("programs", machine::programs);
    make("filesystems", machine::filesystems);
    make("loop", machine::loops);
    make("clock", machine::time);
    make("pool", new PoolChecks(subject.pools())::places);
    LoopChecks loops = new LoopChecks(host, subject.pools().stream().map(PoolPlace::path).map(Path::toString).toList());
    make("one-loop", loops::oneEach);
    make("direct-io", loops::directIo);
    make("docker", docker::engine);
    make("discovery", docker::discovery);
    make("socket", () -> DockerChecks.sockets(
        Stream.concat(Stream.of(configuration.adminSocket()), subject.dockerSocket().stream()).toList()));
    examineService(new MountChecks(host, subject.runDir()));
    return List.copyOf(findings);
  }

  private void make(String name, Check check) {
    try {
      findings.addAll(check.look());
    } catch (IOException e) {
      findings.add(Finding.warn(name, "could not be checked: " + e.getMessage(), "Run the doctor as root"));
    }
  }

  private void examineService(MountChecks mounts) {
    try {
      JsonObject version = service.get("/v1/version");
      findings.add(Finding.ok("service", "version " + version.getString("version", "?") + " answers"));
      make("propagation", () -> mounts.propagation(Optional.of(version.getJsonNumber("pid").longValue())));
      findings.addAll(ServiceChecks.pools(service.get("/v1/pools").getJsonArray("pools").getValuesAs(JsonObject.class)));
      findings.addAll(ServiceChecks.volumes(service.get("/v1/volumes").getJsonArray("volumes").getValuesAs(JsonObject.class), clock));
      findings.addAll(RepositoryChecks.repositories(service.get("/v1/repositories").getJsonArray("repositories").getValuesAs(JsonObject.class)));
    } catch (ServiceUnreachable e) {
      findings.add(Finding.warn("service", String.valueOf(e.getMessage()), "Or go on without it: the checks above do not need it"));
      make("propagation", () -> mounts.propagation(Optional.empty()));
      make("frozen", mounts::frozen);
    } catch (ClientException e) {
      findings.add(Finding.fail("service", String.valueOf(e.getMessage()), "Look at the service's log"));
    }
  }
}
