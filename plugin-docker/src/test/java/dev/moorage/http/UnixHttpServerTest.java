package dev.moorage.http;

import static dev.moorage.http.RawClient.ask;
import static dev.moorage.http.RawClient.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.process.Command;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server as its callers meet it: proper requests, odd ones, slow ones, many at once. */
class UnixHttpServerTest {

  private static final HttpLimits LIMITS =
      HttpLimits.DEFAULT.withReceiveWithin(Duration.ofSeconds(2)).withStopWithin(Duration.ofSeconds(10));

  private final Echo echo = new Echo();
  private final Path socket;
  private final UnixHttpServer server;

  UnixHttpServerTest(@TempDir Path directory) throws IOException {
    socket = directory.resolve("echo.sock");
    server = UnixHttpServer.open(socket, LIMITS, echo);
  }

  @AfterEach
  void close() {
    echo.goOn.countDown();
    server.close();
  }

  @Test
  void aRequestIsAnswered() throws IOException {
    assertThat(ask(socket, post("/a/b?c=d%20e", "ä body")).body()).isEqualTo("POST /a/b c=d%20e ä body");
  }

  @Test
  void curlIsAnswered() throws IOException {
    String answer = Command.of("curl", "-sS", "--unix-socket", socket.toString(), "-d", "{}", "http://localhost/x").run();
    assertThat(answer.strip()).isEqualTo("POST /x  {}");
  }

  @Test
  void theHostHeaderMayBeEmptyAbsentOrOdd() throws IOException {
    for (String host : List.of("Host: \r\n", "Host:\r\n", "", "Host: plugin.moby.localhost\r\n", "Host: /run/x.sock\r\n")) {
      String request = "POST /x HTTP/1.1\r\n" + host + "Content-Length: 2\r\n\r\n{}";
      assertThat(ask(socket, request)).extracting(RawClient.Answer::status).as(host).isEqualTo(200);
    }
  }

  @Test
  void aRequestWithoutBodyIsAnswered() throws IOException {
    assertThat(ask(socket, post("/x", "")).body()).isEqualTo("POST /x  ");
    assertThat(ask(socket, "POST /x HTTP/1.1\r\nHost: \r\n\r\n").body()).isEqualTo("POST /x  ");
  }

  @Test
  void aConnectionIsKeptAndRequestsMayFollowAtOnce() throws IOException {
    try (RawClient client = new RawClient(socket)) {
      for (int i = 0; i < 5; i++) {
        assertThat(client.send(post("/" + i, "x")).receive().body()).isEqualTo("POST /" + i + "  x");
      }
      client.send(post("/a", "1") + post("/b", "2") + post("/c", "3"));
      assertThat(client.receive().body()).isEqualTo("POST /a  1");
      assertThat(client.receive().body()).isEqualTo("POST /b  2");
      assertThat(client.receive().body()).isEqualTo("POST /c  3");
    }
  }

  @Test
  void aBodyInChunksIsRead() throws IOException {
    String request = "POST /x HTTP/1.1\r\nHost: \r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    assertThat(ask(socket, request).body()).isEqualTo("POST /x  abcde");
  }

  @Test
  void aBodyThatIsTooLargeIsRefusedHoweverItComes() throws IOException {
    int tooMany = LIMITS.bodyBytesMax() + 1;
    String announced = "POST /x HTTP/1.1\r\nHost: \r\nContent-Length: " + tooMany + "\r\n\r\n";
    assertThat(ask(socket, announced))
        .returns(413, RawClient.Answer::status)
        .returns("refused: the request is larger than 1048576 bytes", RawClient.Answer::body);
    String chunk = Integer.toHexString(tooMany) + "\r\n";
    assertThat(ask(socket, "POST /x HTTP/1.1\r\nHost: \r\nTransfer-Encoding: chunked\r\n\r\n" + chunk).status())
        .isGreaterThanOrEqualTo(400);
    assertThat(ask(socket, post("/x", "still here")).status()).isEqualTo(200);
  }

  @Test
  void headersThatAreTooLargeAreRefused() throws IOException {
    String request = "POST /x HTTP/1.1\r\nHost: \r\nX: " + "y".repeat(64 << 10) + "\r\n\r\n";
    assertThat(ask(socket, request)).matches(answer -> answer.status() >= 400)
        .extracting(RawClient.Answer::body).asString().startsWith("refused: ");
  }

  @Test
  void aBodyThatIsNotUtf8IsRefused() throws IOException {
    try (RawClient client = new RawClient(socket)) {
      client.send("POST /x HTTP/1.1\r\nHost: \r\nContent-Length: 2\r\n\r\n").send(new byte[] {(byte) 0xc3, 0x28});
      assertThat(client.receive().body()).isEqualTo("refused: the body is not UTF-8");
      assertThat(client.send(post("/x", "")).receive().status()).isEqualTo(200);
    }
  }

  @Test
  void whatIsNotHttpIsRefusedOrEnded() throws IOException {
    for (String text : List.of("\r\n\r\n", "hello\r\n\r\n", "POST /x HTTP/9.9\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "POST  HTTP/1.1\r\n\r\n", "POST /x HTTP/1.1\r\nContent-Length: many\r\n\r\n", "POST /%zz HTTP/1.1\r\nHost: \r\n\r\n",
        "POST /x HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "POST /x HTTP/1.1\r\nNo colon\r\n\r\n", "\0\0\0\0\r\n\r\n")) {
      try {
        assertThat(ask(socket, text).status()).as(text).isBetween(400, 505);
      } catch (EOFException ended) {
        assertThat(ended).isNotNull();
      }
      assertThat(ask(socket, post("/x", "")).status()).as("after " + text).isEqualTo(200);
    }
  }

  @Test
  void anExceptionOfTheEndpointIsAnInternalErrorInItsForm() throws IOException {
    assertThat(ask(socket, post("/fail", "")))
        .returns(500, RawClient.Answer::status)
        .returns("refused: internal error; the log of moorage says more", RawClient.Answer::body);
  }

  @Test
  void aHangUpEndsTheConnectionWithoutAnAnswer() {
    assertThatThrownBy(() -> ask(socket, post("/hang-up", "{}"))).isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> ask(socket, post("/hang-up", ""))).isInstanceOf(EOFException.class);
  }

  @Test
  void aCallerWhoStopsInTheMiddleIsCutOff() throws IOException {
    for (String half : List.of("POST /x HTTP/1.1\r\nHo", "POST /x HTTP/1.1\r\nHost: \r\nContent-Length: 10\r\n\r\nabc")) {
      try (RawClient client = new RawClient(socket)) {
        client.send(half);
        assertThatThrownBy(client::receive).isInstanceOf(EOFException.class);
      }
    }
  }

  @Test
  void aRequestMayComeByteByByte(@TempDir Path elsewhere) throws IOException {
    try (UnixHttpServer patient = UnixHttpServer.open(elsewhere.resolve("x.sock"), HttpLimits.DEFAULT, echo);
        RawClient client = new RawClient(patient.socket())) {
      for (char each : post("/x", "slow").toCharArray()) {
        client.send(String.valueOf(each));
      }
      assertThat(client.receive().body()).isEqualTo("POST /x  slow");
    }
  }

  @Test
  void theTimeLimitDoesNotCoverTheWork() throws Exception {
    try (RawClient client = new RawClient(socket)) {
      client.send(post("/wait", "{}"));
      echo.waiting.await();
      Thread.sleep(LIMITS.receiveWithin().plusMillis(500).toMillis());
      echo.goOn.countDown();
      assertThat(client.receive().body()).isEqualTo("waited");
      assertThat(client.send(post("/x", "")).receive().status()).isEqualTo(200);
    }
  }

  @Test
  void manyCallersAreServedAtOnceMoreThanThereAreConnections() throws Exception {
    int callers = LIMITS.connectionsMax() + 64;
    List<Future<RawClient.Answer>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < callers; i++) {
        String body = "caller " + i;
        answers.add(threads.submit(() -> ask(socket, post("/x", body))));
      }
      for (int i = 0; i < callers; i++) {
        assertThat(answers.get(i).get().body()).isEqualTo("POST /x  caller " + i);
      }
    }
  }

  @Test
  void aLargeAnswerArrivesWhole() throws IOException {
    String body = "ü".repeat(400_000);
    assertThat(ask(socket, post("/x", body)).body()).isEqualTo("POST /x  " + body);
    assertThat(body.getBytes(StandardCharsets.UTF_8).length).isLessThan(LIMITS.bodyBytesMax());
  }

  @Test
  void closingLetsRequestsUnderWayFinish() throws Exception {
    try (RawClient client = new RawClient(socket); RawClient idle = new RawClient(socket);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(idle.send(post("/x", "")).receive().status()).isEqualTo(200);
      client.send(post("/wait", "{}"));
      echo.waiting.await();
      Future<?> closing = threads.submit(server::close);
      assertThatThrownBy(() -> {
        while (true) {
          ask(socket, post("/x", ""));
        }
      }).isInstanceOf(IOException.class);
      assertThat(closing.isDone()).isFalse();
      echo.goOn.countDown();
      assertThat(client.receive().body()).isEqualTo("waited");
      closing.get();
      assertThat(socket).doesNotExist();
    }
  }
}
