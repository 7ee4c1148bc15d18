package dev.moorage.admin;

import dev.moorage.storage.PoolStatus;
import dev.moorage.storage.Storage;
import dev.moorage.telemetry.Telemetry;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.Unavailable;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The admin API without a server: a request in, an answer out, for every request whatsoever. The owner of the socket's directory
 * may do everything; there is no other authority. Safe for use by several threads.
 */
public final class AdminApi {

  private static final System.Logger LOG = System.getLogger("moorage.admin");
  private static final int BODY_CHARS_MAX = 1 << 20;
  private static final long OPENING_SECONDS_MAX = 60;

  private final CompletableFuture<Storage> storage;
  private final Telemetry telemetry;
  private final Serving serving;
  private final Routes routes = new Routes();

  /** {@code storage} is completed when it is open, or has turned out not to open; requests wait for that. */
  public AdminApi(CompletableFuture<Storage> storage, Telemetry telemetry, Serving serving) {
    this.storage = storage;
    this.telemetry = telemetry;
    this.serving = serving;
    VolumeRoutes.addTo(routes);
    TransferRoutes.addTo(routes);
    SnapshotRoutes.addTo(routes);
    LookRoutes.addTo(routes);
    PoolRoutes.addTo(routes);
    RepositoryRoutes.addTo(routes);
    new ServiceRoutes(telemetry).addTo(routes);
  }

  /** Answers; never throws for what a client can cause. */
  public AdminAnswer answer(AdminRequest request) {
    try {
      return switch (request.method() + " " + request.path()) {
        case "GET /health" -> health();
        case "GET /metrics" -> new AdminAnswer(200, AdminAnswer.METRICS, telemetry.scrape());
        case "GET /v1/version" -> AdminAnswer.of(Json.serving(serving));
        default -> route(request);
      };
    } catch (VolumeException e) {
      return AdminErrors.answer(e);
    } catch (RuntimeException e) {
      // The one edge where everything is caught: a bug in one request must not look like a broken connection.
      LOG.log(System.Logger.Level.ERROR, "BUG: " + request.method() + " " + Words.shown(request.path(), 200), e);
      return AdminErrors.answer(500, "internal", "answer the request", "there is a bug in the service", "Look at its log and report it",
          "cannot answer the request: there is a bug in the service. Look at its log and report it");
    }
  }

  List<String> patterns() {
    return routes.patterns();
  }

  private AdminAnswer route(AdminRequest request) throws VolumeException {
    String action = "answer " + Words.shown(request.method(), 16) + " " + Words.shown(request.path(), 128);
    Routes.Found found;
    try {
      found = routes.find(request);
    } catch (Routes.NoSuchRoute e) {
      String reason = e.methods.isEmpty() ? "there is no such path" : "this path only has " + e.methods;
      return AdminErrors.answer(e.status, "no-such-route", action, reason, "See docs/admin-api.md",
          "cannot " + action + ": " + reason + ". See docs/admin-api.md");
    }
    if (request.body().length() > BODY_CHARS_MAX) {
      throw new VolumeException.InvalidArgument(action, "the body is larger than 1M", "");
    }
    return found.handler().answer(opened(action), request, found.name());
  }

  private Storage opened(String action) throws Unavailable {
    try {
      return storage.get(OPENING_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new Unavailable(action, "the service has been opening its pools for long", "Try again; its log says what it does", e);
    } catch (ExecutionException e) {
      throw new Unavailable(action, "the service could not open its pools and is ending", "Its log says why", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable(action, "the service is stopping", "Try again when it runs", e);
    }
  }

  /** Answers at once, opening or not: 200 when the storage is open and every pool can be used, else 503. */
  private AdminAnswer health() {
    if (storage.isCompletedExceptionally()) {
      return AdminAnswer.of(503, health("failed", List.of()));
    }
    if (!storage.isDone()) {
      return AdminAnswer.of(503, health("opening", List.of()));
    }
    List<PoolStatus> pools = storage.join().pools().list();
    boolean usable = pools.stream().allMatch(pool -> pool.capacity().isPresent());
    return AdminAnswer.of(usable ? 200 : 503, health(usable ? "ok" : "degraded", pools));
  }

  private JsonObject health(String status, List<PoolStatus> pools) {
    return Json.object()
        .add("status", status)
        .add("version", serving.version())
        .add("problems", Json.PROVIDER.createArrayBuilder(pools.stream()
            .flatMap(pool -> pool.problem().map(problem -> "pool " + pool.settings().name() + ": " + problem).stream())
            .toList()))
        .build();
  }
}
