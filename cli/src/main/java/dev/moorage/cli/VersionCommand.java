package dev.moorage.cli;

import dev.moorage.client.ClientException;
import dev.moorage.client.ServiceError;
import dev.moorage.client.ServiceUnreachable;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code moorage version}: of this command and, when it can be asked, of the service. Succeeds without one. */
@Command(name = "version", description = "Show the version of this command and of the running service.")
final class VersionCommand implements Callable<Integer> {

  private final MoorageCommand root;

  VersionCommand(MoorageCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() throws ClientException {
    String own = Version.current();
    String service = service();
    JsonObjectBuilder json = Questions.body().add("version", own);
    JsonObject versions = (service.isEmpty() ? json.addNull("service") : json.add("service", service)).build();
    root.results().changed(versions, new View(List.of(), it -> it.getString("version")),
        "moorage " + own + "\nservice " + (service.isEmpty() ? "not running at " + root.socket() : service));
    return ExitCode.OK;
  }

  private String service() throws ServiceError {
    try {
      return root.questions().get("/v1/version").getString("version", "");
    } catch (ServiceUnreachable notRunning) {
      return "";
    } catch (ServiceError e) {
      throw e;
    } catch (ClientException e) {
      throw new AssertionError("BUG: a third kind of failure", e);
    }
  }
}
