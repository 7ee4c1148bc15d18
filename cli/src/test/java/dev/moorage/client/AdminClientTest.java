package dev.moorage.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moorage.testkit.Scratch;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The client against servers that are not what they should be. */
final class AdminClientTest {

  private final Path directory = Scratch.directory("client");
  private final Path socket = directory.resolve("s");

  @AfterEach
  void clean() {
    Scratch.remove(directory);
  }

  /** Answers one connection with a text, then keeps it open as Helidon does, until the client is done. */
  private <T extends Throwable> T failure(Class<T> type, String answer) throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      Thread serving = Thread.ofVirtual().start(() -> serve(server, answer));
      T failure = catchThrowableOfType(type, () -> new AdminClient(socket).get("/v1/volumes"));
      serving.join();
      return failure;
    }
  }

  private static void serve(ServerSocketChannel server, String answer) {
    try (SocketChannel channel = server.accept()) {
      ByteBuffer request = ByteBuffer.allocate(4096);
      channel.read(request);
      channel.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
      if (answer.contains("Content-Length")) {
        channel.read(request.clear());
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String http(int status, String body) {
    return "HTTP/1.1 " + status + " X\r\nContent-Length: " + body.length() + "\r\nConnection: close\r\n\r\n" + body;
  }

  @Test
  void errorsOfTheServiceKeepTheirKindAndWords() throws Exception {
    ServiceError error = failure(ServiceError.class, http(404, "{\"kind\":\"not-found\",\"message\":\"cannot x: y\"}"));
    assertThat(error).hasMessage("cannot x: y");
    assertThat(error.kind()).isEqualTo("not-found");
    assertThat(error.status()).isEqualTo(404);
    assertThat(error.json()).startsWith("{");
  }

  @Test
  void anErrorWithoutJsonIsInternal() throws Exception {
    assertThat(failure(ServiceError.class, http(500, "oops")).kind()).isEqualTo("internal");
  }

  @Test
  void whatIsNotTheServiceIsSaidSo() throws Exception {
    assertThat(failure(ServiceUnreachable.class, http(200, "<html>"))).hasMessageContaining("it is not JSON");
  }

  @Test
  void aConnectionThatEndsIsSaidSo() throws Exception {
    assertThat(failure(ServiceUnreachable.class, "HTTP/1.1 200 OK\r\n")).hasMessageContaining("the connection ended");
  }

  @Test
  void aSocketOnWhichNobodyListensIsSaidSo() throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
    }
    ServiceUnreachable failure = catchThrowableOfType(ServiceUnreachable.class, () -> new AdminClient(socket).get("/"));
    assertThat(failure).hasMessageContaining("nobody listens, so the service has died").hasMessageContaining("systemctl start moorage");
  }

  @Test
  void aPathThatIsTooLongForASocketIsSaidSo() {
    AdminClient client = new AdminClient(Path.of("/" + "x".repeat(200)));
    assertThat(catchThrowableOfType(ServiceUnreachable.class, () -> client.get("/"))).hasMessageContaining("cannot reach the Moorage service");
  }
}
