package dev.moorage.client;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.spi.JsonProvider;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Asks the admin API of a running service; one connection per question. Waits as long as the service needs. Safe for several threads. */
public final class AdminClient {

  /** One provider for the process: looking it up costs more than all the reading that a command does. */
  private static final JsonProvider JSON = JsonProvider.provider();

  private final Path socket;

  public AdminClient(Path socket) {
    this.socket = socket;
  }

  /** For building request bodies. */
  public static JsonProvider json() {
    return JSON;
  }

  public JsonObject get(String path) throws ClientException {
    return object(ask("GET", path, ""));
  }

  public JsonObject post(String path, JsonObject body) throws ClientException {
    return object(ask("POST", path, body.toString()));
  }

  public JsonObject delete(String path) throws ClientException {
    return object(ask("DELETE", path, ""));
  }

  /** An answer that is not JSON, such as the metrics. */
  public String text(String path) throws ClientException {
    return ask("GET", path, "");
  }

  private String ask(String method, String path, String body) throws ClientException {
    HttpAnswer answer = exchange(method, path, body.getBytes(StandardCharsets.UTF_8));
    if (answer.status() / 100 != 2) {
      throw error(answer);
    }
    return answer.body();
  }

  private HttpAnswer exchange(String method, String path, byte[] body) throws ServiceUnreachable {
    String head = method + " " + path + " HTTP/1.1\r\nHost: moorage\r\nContent-Type: application/json\r\nContent-Length: "
        + body.length + "\r\nConnection: close\r\n\r\n";
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      connect(channel);
      ByteBuffer request = ByteBuffer.allocate(head.length() + body.length)
          .put(head.getBytes(StandardCharsets.US_ASCII)).put(body).flip();
      while (request.hasRemaining()) {
        channel.write(request);
      }
      return HttpAnswer.read(new BufferedInputStream(Channels.newInputStream(channel)));
    } catch (IOException e) {
      throw new ServiceUnreachable("cannot talk to the Moorage service at " + socket + ": " + e.getMessage()
          + ". It may have been stopped in the middle; look at its log, then repeat the command", e);
    }
  }

  private void connect(SocketChannel channel) throws ServiceUnreachable {
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException | IllegalArgumentException e) {
      throw new ServiceUnreachable("cannot reach the Moorage service at " + socket + ": " + why(e), e);
    }
  }

  private String why(Exception failure) {
    String message = String.valueOf(failure.getMessage());
    if (message.contains("Permission denied")) {
      return "you may not use this socket. Run the command as root, for example with sudo";
    }
    String start = "Start it with 'systemctl start moorage', or by hand with 'moorage serve' as root; "
        + "if it listens elsewhere, name its socket with --admin-socket or MOORAGE_ADMIN_SOCKET";
    if (Files.isRegularFile(socket) || Files.isDirectory(socket)) {
      return "that is no socket. " + start;
    }
    if (Files.exists(socket) && message.contains("refused")) {
      return "the socket is there but nobody listens, so the service has died. " + start;
    }
    return message.contains("No such file") ? "it is not running. " + start : message + ". " + start;
  }

  private static JsonObject object(String body) throws ServiceUnreachable {
    try (var reader = JSON.createReader(new StringReader(body))) {
      return reader.readObject();
    } catch (JsonException e) {
      throw new ServiceUnreachable("cannot understand the service's answer: it is not JSON. Is its version the same as this command's?", e);
    }
  }

  private static ServiceError error(HttpAnswer answer) throws ServiceUnreachable {
    if (!answer.body().startsWith("{")) {
      return new ServiceError(answer.status(), "internal",
          "the service answered with HTTP status " + answer.status() + " and no explanation. Look at its log", "{}");
    }
    JsonObject json = object(answer.body());
    return new ServiceError(answer.status(), json.getString("kind", "internal"), json.getString("message", answer.body()), answer.body());
  }
}
