package dev.moorage.docker;

import dev.moorage.http.HttpAnswer;
import dev.moorage.http.HttpEndpoint;
import dev.moorage.http.HttpRequest;
import dev.moorage.storage.Storage;
import dev.moorage.telemetry.Telemetry;
import dev.moorage.volume.VolumeException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Answers dockerd's calls. Every request is answered, within dockerd's limits, except a Get that cannot tell whether the volume
 * exists: there the connection ends, since dockerd takes any error that is answered for "no such volume" and forgets the volume's
 * labels and options.
 */
final class DockerEndpoint implements HttpEndpoint, AutoCloseable {

  private static final System.Logger LOG = System.getLogger(DockerEndpoint.class.getName());

  private final VolumeDriver driver;
  private final DockerTimes times;
  private final Telemetry telemetry;

  DockerEndpoint(CompletableFuture<Storage> storage, Telemetry telemetry, DockerTimes times) {
    this.driver = new VolumeDriver(storage);
    this.times = times;
    this.telemetry = telemetry;
  }

  @Override
  public HttpAnswer answer(HttpRequest request) {
    Optional<DockerCall> call = DockerCall.at(request.path());
    if (call.isEmpty()) {
      return refuse(404, "there is no call " + Wire.printable(request.path()));
    }
    if (!request.method().equals("POST")) {
      return refuse(405, request.path() + " takes POST, not " + Wire.printable(request.method()));
    }
    try {
      return answer(call.get(), request.body());
    } catch (RuntimeException | Error e) {
      LOG.log(System.Logger.Level.ERROR, "internal error in " + request.path(), e);
      return call.get() == DockerCall.GET
          ? new HttpAnswer.HangUp("internal error")
          : refuse(500, "cannot " + call.get().actionOn("") + ": internal error; the log of moorage says more");
    }
  }

  @Override
  public HttpAnswer.Reply refuse(int status, String reason) {
    return DockerErrors.reply(status, reason);
  }

  private HttpAnswer answer(DockerCall call, String body) {
    if (call == DockerCall.GET && body.isBlank()) {
      return new HttpAnswer.HangUp("a repeated Get without a body, whose answer would be taken for 'no such volume'");
    }
    Deadline deadline = Deadline.of(call, times);
    DockerRequest request;
    try {
      request = RequestReader.read(call, body);
    } catch (VolumeException e) {
      refused(call, e);
      return DockerErrors.reply(e);
    }
    try {
      return new HttpAnswer.Reply(200, Wire.CONTENT_TYPE, driver.carryOut(request, deadline).toString());
    } catch (VolumeException e) {
      return call == DockerCall.GET && !DockerErrors.provesAbsence(e)
          ? new HttpAnswer.HangUp(String.valueOf(e.getMessage()))
          : DockerErrors.reply(e);
    }
  }

  /** The storage writes the audit lines of what reaches it; this one did not. */
  private void refused(DockerCall call, VolumeException refusal) {
    if (call.isChange()) {
      String subject = refusal.action().substring(call.verb().length()).strip();
      telemetry.ended(Deadline.DOOR, call.verb(), subject, "invalid-argument", 0, refusal.reason());
    }
  }

  @Override
  public void close() {
    driver.close();
  }
}
