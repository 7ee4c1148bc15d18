package dev.moorage.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** Sends bytes as they are given, and reads HTTP answers by their Content-Length: for requests that no proper client would send. */
public final class RawClient implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final SocketChannel channel;
  private final Selector readable;
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();

  public RawClient(Path socket) throws IOException {
    channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    channel.configureBlocking(false);
    readable = Selector.open();
    channel.register(readable, SelectionKey.OP_READ);
  }

  /** An answer: its status and body. */
  public record Answer(int status, String headers, String body) {}

  /** As dockerd sends it: no Content-Type, an empty Host. */
  public static String post(String path, String body) {
    return "POST " + path + " HTTP/1.1\r\nHost: \r\nUser-Agent: Go-http-client/1.1\r\nContent-Length: "
        + body.getBytes(StandardCharsets.UTF_8).length
        + "\r\nAccept: application/vnd.docker.plugins.v1.2+json\r\nAccept-Encoding: gzip\r\n\r\n" + body;
  }

  public RawClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  public RawClient send(byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      if (channel.write(buffer) == 0) {
        Thread.onSpinWait();
      }
    }
    return this;
  }

  /** Waits for the next answer; throws EOFException when the server ends the connection instead. */
  public Answer receive() throws IOException {
    while (true) {
      String text = received.toString(StandardCharsets.ISO_8859_1);
      int end = text.indexOf("\r\n\r\n");
      if (end >= 0) {
        String headers = text.substring(0, end);
        int length = contentLength(headers);
        if (text.length() >= end + 4 + length) {
          byte[] all = received.toByteArray();
          received.reset();
          received.write(all, end + 4 + length, all.length - end - 4 - length);
          return new Answer(Integer.parseInt(headers.split(" ", -1)[1]), headers,
              new String(all, end + 4, length, StandardCharsets.UTF_8));
        }
      }
      readMore();
    }
  }

  private static int contentLength(String headers) {
    for (String line : headers.split("\r\n", -1)) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        return Integer.parseInt(line.substring(15).strip());
      }
    }
    return 0;
  }

  private void readMore() throws IOException {
    if (readable.select(PATIENCE.toMillis()) == 0) {
      throw new IOException("no answer within " + PATIENCE.toSeconds() + " s");
    }
    readable.selectedKeys().clear();
    ByteBuffer buffer = ByteBuffer.allocate(8192);
    int count = channel.read(buffer);
    if (count < 0) {
      throw new EOFException("the server ended the connection");
    }
    received.write(buffer.array(), 0, count);
  }

  /** Sends one request on a connection of its own. */
  public static Answer ask(Path socket, String request) throws IOException {
    try (RawClient client = new RawClient(socket)) {
      return client.send(request).receive();
    }
  }

  @Override
  public void close() throws IOException {
    readable.close();
    channel.close();
  }
}
