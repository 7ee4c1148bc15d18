package dev.moorage.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One answer of an HTTP/1.1 server. Read by Content-Length or chunk by chunk, never to the end of the connection: Helidon
 * announces that it closes a Unix connection, and keeps it.
 */
record HttpAnswer(int status, String body) {

  private static final int LINE_BYTES_MAX = 8192;
  private static final int HEADERS_MAX = 100;
  private static final int BODY_BYTES_MAX = 64 << 20;

  /** What the header lines say about how the body comes; {@code length} is -1 when they do not say. */
  private record Framing(long length, boolean chunked) {}

  static HttpAnswer read(InputStream in) throws IOException {
    String[] words = line(in).split(" ", 3);
    if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("\\d{3}")) {
      throw new IOException("the answer is not HTTP");
    }
    int status = Integer.parseInt(words[1]);
    Framing framing = headers(in);
    return new HttpAnswer(status, new String(framing.chunked() ? chunks(in) : whole(in, framing.length()), StandardCharsets.UTF_8));
  }

  private static Framing headers(InputStream in) throws IOException {
    long length = -1;
    boolean chunked = false;
    for (int i = 0; i < HEADERS_MAX; i++) {
      String header = line(in);
      if (header.isEmpty()) {
        return new Framing(length, chunked);
      }
      int colon = header.indexOf(':');
      String name = colon < 0 ? header : header.substring(0, colon).toLowerCase(Locale.ROOT);
      String value = colon < 0 ? "" : header.substring(colon + 1).strip();
      if (name.equals("content-length")) {
        length = number(value, 10);
      } else if (name.equals("transfer-encoding")) {
        chunked = value.equalsIgnoreCase("chunked");
      }
    }
    throw new IOException("the answer has too many header lines");
  }

  private static byte[] whole(InputStream in, long length) throws IOException {
    if (length < 0) {
      return new byte[0];
    }
    return exactly(in, length);
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String size = line(in);
      int extension = size.indexOf(';');
      long length = number((extension < 0 ? size : size.substring(0, extension)).strip(), 16);
      if (length == 0) {
        while (!line(in).isEmpty()) {
          // Trailers say nothing that this client needs.
        }
        return body.toByteArray();
      }
      body.write(exactly(in, length));
      if (!line(in).isEmpty() || body.size() > BODY_BYTES_MAX) {
        throw new IOException("the answer has a broken or endless chunk");
      }
    }
  }

  private static byte[] exactly(InputStream in, long length) throws IOException {
    if (length > BODY_BYTES_MAX) {
      throw new IOException("the answer is larger than 64M");
    }
    byte[] bytes = in.readNBytes((int) length);
    if (bytes.length < length) {
      throw new IOException("the connection ended in the middle of the answer");
    }
    return bytes;
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the connection ended without an answer");
      }
      if (line.length() > LINE_BYTES_MAX) {
        throw new IOException("the answer has an endless line");
      }
      line.append((char) c);
    }
    int end = line.length();
    return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
  }

  private static long number(String text, int radix) throws IOException {
    try {
      return Long.parseUnsignedLong(text, radix);
    } catch (NumberFormatException e) {
      throw new IOException("the answer has '" + text + "' where a length belongs", e);
    }
  }
}
