package dev.moorage.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpAnswerTest {

  private static HttpAnswer read(String text) throws IOException {
    return HttpAnswer.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void bodyIsReadByItsLengthAndNoFurther() throws IOException {
    assertThat(read("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nüxyrest"))
        .isEqualTo(new HttpAnswer(200, "üxy"));
  }

  @Test
  void chunksAreJoined() throws IOException {
    assertThat(read("HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n"))
        .isEqualTo(new HttpAnswer(200, "abc0123456789"));
  }

  @Test
  void anAnswerWithoutABodyIsWhole() throws IOException {
    assertThat(read("HTTP/1.1 204\r\n\r\n")).isEqualTo(new HttpAnswer(204, ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\r\n", "SSH-2.0-x\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort",
      "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabcd\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n", "HTTP/1.1 200 OK\r\nA: b"})
  void brokenAnswersAreErrorsInWords(String text) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(IOException.class).hasMessageContaining("the ");
  }

  @Test
  void endlessLinesAndHeadersEnd() {
    assertThatThrownBy(() -> read("HTTP/1.1 200 " + "x".repeat(100_000))).hasMessageContaining("endless line");
    assertThatThrownBy(() -> read("HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(1000))).hasMessageContaining("too many header lines");
  }

  @Test
  void noiseNeverDoesMoreThanFail() {
    Random random = new Random(20_260_823);
    for (int i = 0; i < 2000; i++) {
      byte[] noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      byte[] start = "HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII);
      byte[] all = new byte[start.length + noise.length];
      System.arraycopy(start, 0, all, 0, start.length);
      System.arraycopy(noise, 0, all, start.length, noise.length);
      try {
        HttpAnswer.read(new ByteArrayInputStream(all));
      } catch (IOException expected) {
        assertThat(expected).hasMessageContaining("the ");
      }
    }
  }
}
