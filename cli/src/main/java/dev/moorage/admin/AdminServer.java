package dev.moorage.admin;

import dev.moorage.http.HttpAnswer;
import dev.moorage.http.HttpEndpoint;
import dev.moorage.http.HttpLimits;
import dev.moorage.http.HttpRequest;
import dev.moorage.http.UnixHttpServer;
import dev.moorage.socket.CannotListen;
import dev.moorage.storage.Storage;
import dev.moorage.telemetry.Telemetry;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The admin API on its Unix socket of mode 0600. */
public final class AdminServer implements HttpEndpoint {

  /** A command that still waits when the service stops asks again; nothing of its work is lost. */
  private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

  private final AdminApi api;

  private AdminServer(AdminApi api) {
    this.api = api;
  }

  /** Listens at {@code socket}; requests wait for {@code storage}. To be closed before the storage is. */
  public static UnixHttpServer open(Path socket, CompletableFuture<Storage> storage, Telemetry telemetry, Serving serving)
      throws CannotListen {
    return UnixHttpServer.open(socket, HttpLimits.DEFAULT.withStopWithin(STOP_WITHIN),
        new AdminServer(new AdminApi(storage, telemetry, serving)));
  }

  @Override
  public HttpAnswer answer(HttpRequest request) {
    Map<String, String> query;
    try {
      query = query(request.query());
    } catch (IllegalArgumentException e) {
      return refuse(400, "the query is not well-formed");
    }
    AdminAnswer answer = api.answer(new AdminRequest(request.method(), request.path(), query, request.body()));
    return new HttpAnswer.Reply(answer.status(), answer.contentType(), answer.body());
  }

  @Override
  public HttpAnswer.Reply refuse(int status, String reason) {
    String kind = status >= 500 ? "internal" : "invalid-argument";
    AdminAnswer answer = AdminErrors.answer(status, kind, "answer the request", reason, "", "cannot answer the request: " + reason);
    return new HttpAnswer.Reply(answer.status(), answer.contentType(), answer.body());
  }

  /** The parameters of a query; of a name that is given twice, the last one. */
  private static Map<String, String> query(String raw) {
    Map<String, String> query = new HashMap<>();
    for (String pair : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        query.put(URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return query;
  }
}
