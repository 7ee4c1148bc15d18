package dev.moorage.serve;

import dev.moorage.http.HttpAnswer;
import dev.moorage.http.HttpEndpoint;
import dev.moorage.http.HttpRequest;
import dev.moorage.telemetry.Telemetry;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What anybody in the cluster may ask, and nothing else: whether the service lives, whether it is ready, and its metrics.
 *
 * @param waitsFor why it is not ready; empty when it is
 */
record HealthEndpoint(Supplier<Optional<String>> waitsFor, Telemetry telemetry) implements HttpEndpoint {

  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

  @Override
  public HttpAnswer answer(HttpRequest request) {
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return refuse(405, "only GET");
    }
    return switch (request.path()) {
      case "/livez", "/health" -> new HttpAnswer.Reply(200, TEXT, "alive\n");
      case "/readyz" -> waitsFor.get().map(reason -> refuse(503, reason)).orElseGet(() -> new HttpAnswer.Reply(200, TEXT, "ready\n"));
      case "/metrics" -> new HttpAnswer.Reply(200, METRICS, telemetry.scrape());
      default -> refuse(404, "there are /livez, /health, /readyz and /metrics");
    };
  }

  @Override
  public HttpAnswer.Reply refuse(int status, String reason) {
    return new HttpAnswer.Reply(status, TEXT, reason + "\n");
  }
}
