package dev.moorage.http;

import static dev.moorage.http.RawClient.ask;
import static dev.moorage.http.RawClient.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.socket.CannotListen;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The socket's file: its modes, whose it is, and what happens when something is there already. */
class SocketFileTest {

  @TempDir Path directory;

  private static UnixHttpServer open(Path socket) throws IOException {
    return UnixHttpServer.open(socket, HttpLimits.DEFAULT, new Echo());
  }

  private static void demandAnswer(Path socket) throws IOException {
    assertThat(ask(socket, post("/x", "")).status()).isEqualTo(200);
  }

  /** A socket file on which nobody listens, as kill -9 leaves it. */
  private static void leaveStaleSocket(Path socket) throws IOException {
    try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.bind(UnixDomainSocketAddress.of(socket));
    }
    assertThat(socket).exists();
  }

  private static List<Path> entries(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    }
  }

  @Test
  void directoryAndSocketAreForThisUserOnlyAndNothingElseIsLeft() throws IOException {
    Path socket = directory.resolve("a/b/x.sock");
    try (UnixHttpServer server = open(socket)) {
      assertThat(server.socket()).isEqualTo(socket);
      assertThat(Files.getPosixFilePermissions(socket.getParent())).isEqualTo(PosixFilePermissions.fromString("rwx------"));
      assertThat(Files.getPosixFilePermissions(socket)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
      assertThat(entries(directory.resolve("a/b"))).containsExactly(socket);
    }
    assertThat(entries(directory.resolve("a/b"))).isEmpty();
  }

  @Test
  void aStaleSocketIsReplaced() throws IOException {
    Path socket = directory.resolve("x.sock");
    leaveStaleSocket(socket);
    try (UnixHttpServer server = open(socket)) {
      demandAnswer(server.socket());
    }
    assertThat(entries(directory)).isEmpty();
  }

  @Test
  void whatAKilledProcessLeftWhileBindingIsClearedAway() throws IOException {
    Path socket = directory.resolve("x.sock");
    Path staging = Files.createDirectory(directory.resolve(".x.sock"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.createFile(staging.resolve("lock"));
    leaveStaleSocket(staging.resolve("s"));
    try (UnixHttpServer server = open(socket)) {
      demandAnswer(server.socket());
      assertThat(entries(directory)).containsExactly(socket);
    }
  }

  @Test
  void aSocketOnWhichSomebodyListensIsAnErrorAndStays() throws IOException {
    Path socket = directory.resolve("x.sock");
    try (UnixHttpServer first = open(socket)) {
      assertThatThrownBy(() -> open(socket)).isInstanceOf(CannotListen.class)
          .hasMessage("cannot listen on " + socket + ": another process listens there. Stop it, or choose another path");
      demandAnswer(first.socket());
    }
  }

  @Test
  void aFileOfAnotherKindIsAnErrorAndStays() throws IOException {
    Path file = Files.writeString(directory.resolve("x.sock"), "precious");
    assertThatThrownBy(() -> open(file)).isInstanceOf(CannotListen.class).hasMessageContaining("a file of another kind");
    assertThat(file).hasContent("precious");
    Path link = Files.createSymbolicLink(directory.resolve("y.sock"), file);
    assertThatThrownBy(() -> open(link)).isInstanceOf(CannotListen.class).hasMessageContaining("a file of another kind");
    assertThat(file).hasContent("precious");
  }

  @Test
  void aFailureToBindSaysWhy() throws IOException {
    Path tooLong = directory.resolve("x".repeat(120) + ".sock");
    assertThatThrownBy(() -> open(tooLong)).isInstanceOf(CannotListen.class).hasMessageContaining("longer than a socket's may be");
    Path inAFile = Files.createFile(directory.resolve("file")).resolve("x.sock");
    assertThatThrownBy(() -> open(inAFile)).isInstanceOf(CannotListen.class).hasMessageContaining("FileAlreadyExists");
    assertThatThrownBy(() -> open(Path.of("/proc/x.sock"))).isInstanceOf(CannotListen.class);
  }

  @Test
  void aDirectoryInWhichOthersMayReplaceTheSocketIsRefused() throws IOException {
    Path open = Files.createDirectory(directory.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> open(open.resolve("x.sock"))).isInstanceOf(CannotListen.class)
        .hasMessageContaining("other users may write to");
  }

  @Test
  void closingLeavesTheSocketOfWhoeverTookThePlace() throws IOException {
    Path socket = directory.resolve("x.sock");
    UnixHttpServer first = open(socket);
    Files.delete(socket);
    try (UnixHttpServer second = open(socket)) {
      first.close();
      demandAnswer(second.socket());
    }
    assertThat(socket).doesNotExist();
  }

  @Test
  void severalServersRunInOneProcess() throws IOException {
    try (UnixHttpServer one = open(directory.resolve("one.sock")); UnixHttpServer two = open(directory.resolve("two.sock"))) {
      demandAnswer(one.socket());
      demandAnswer(two.socket());
    }
  }

  @Test
  void ofManyWhoWantTheSameStaleSocketOneGetsIt() throws Exception {
    Path socket = directory.resolve("x.sock");
    leaveStaleSocket(socket);
    List<Future<UnixHttpServer>> attempts = new ArrayList<>();
    List<UnixHttpServer> winners = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 8; i++) {
        attempts.add(threads.submit(() -> open(socket)));
      }
    }
    for (Future<UnixHttpServer> attempt : attempts) {
      if (attempt.state() == Future.State.SUCCESS) {
        winners.add(attempt.resultNow());
      } else {
        assertThat(attempt.exceptionNow()).isInstanceOf(CannotListen.class).hasMessageContaining("another process listens there");
      }
    }
    assertThat(winners).hasSize(1);
    demandAnswer(socket);
    winners.getFirst().close();
    assertThat(entries(directory)).isEmpty();
  }
}
