package dev.moorage.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Carries one request from the wire to the endpoint, and its answer back. */
final class EndpointHandler implements Handler {

  private static final System.Logger LOG = System.getLogger(EndpointHandler.class.getName());

  private final HttpEndpoint endpoint;
  private final HttpLimits limits;
  private final ReceiveWatch watch;

  EndpointHandler(HttpEndpoint endpoint, HttpLimits limits, ReceiveWatch watch) {
    this.endpoint = endpoint;
    this.limits = limits;
    this.watch = watch;
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) throws IOException {
    byte[] body = receive(request);
    watch.disarm();
    switch (answer(request, body)) {
      case HttpAnswer.Reply reply -> send(response, reply);
      case HttpAnswer.HangUp hangUp -> {
        LOG.log(System.Logger.Level.WARNING, "no answer to " + request.path().rawPath() + ": " + hangUp.reason());
        throw new CloseConnectionException(hangUp.reason());
      }
    }
  }

  /** The stream stays open: closing one that was refused in the middle would wait for the rest of it. */
  private byte[] receive(ServerRequest request) throws IOException {
    try {
      return request.content().hasEntity() ? request.content().inputStream().readAllBytes() : new byte[0];
    } catch (DataReader.InsufficientDataAvailableException | NumberFormatException e) {
      // The caller's mistake, which the server by itself would report as one of its own.
      throw RequestException.builder()
          .type(DirectHandler.EventType.BAD_REQUEST)
          .message("the body ends too early or is wrongly framed")
          .cause(e)
          .setKeepAlive(false)
          .build();
    }
  }

  private HttpAnswer answer(ServerRequest request, byte[] body) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      return endpoint.refuse(Status.BAD_REQUEST_400.code(), "the body is not UTF-8");
    }
    return endpoint.answer(new HttpRequest(
        request.prologue().method().text(), request.path().rawPath(), request.query().rawValue(), text));
  }

  private void send(ServerResponse response, HttpAnswer.Reply reply) {
    watch.arm();
    response.status(reply.status());
    response.header(HeaderNames.CONTENT_TYPE, reply.contentType());
    // Bytes, because the media support would look at what the caller accepts, and refuse dockerd.
    response.send(reply.body().getBytes(StandardCharsets.UTF_8));
    watch.disarm();
  }

  /** What the server refuses by itself, in the endpoint's form. */
  DirectHandlers refusals() {
    DirectHandlers.Builder handlers = DirectHandlers.builder();
    for (DirectHandler.EventType event : DirectHandler.EventType.values()) {
      handlers.addHandler(event, (request, type, status, headers, message) -> {
        watch.disarm();
        HttpAnswer.Reply reply = endpoint.refuse(status.code(), reasonOf(status, Optional.ofNullable(message)));
        return DirectHandler.TransportResponse.builder()
            .status(Status.create(reply.status()))
            .header(HeaderNames.CONTENT_TYPE, reply.contentType())
            .entity(reply.body().getBytes(StandardCharsets.UTF_8))
            .build();
      });
    }
    return handlers.build();
  }

  private String reasonOf(Status status, Optional<String> message) {
    if (status.code() == Status.REQUEST_ENTITY_TOO_LARGE_413.code()) {
      return "the request is larger than " + limits.bodyBytesMax() + " bytes";
    }
    if (status.code() == Status.INTERNAL_SERVER_ERROR_500.code()) {
      return "internal error; the log of moorage says more";
    }
    return message.filter(text -> !text.isBlank()).orElse("the request is not HTTP as it should be");
  }
}
