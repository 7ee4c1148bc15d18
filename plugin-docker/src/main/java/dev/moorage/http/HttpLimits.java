package dev.moorage.http;

import java.time.Duration;

/**
 * What a server grants to its callers.
 *
 * @param bodyBytesMax a larger body is refused with 413
 * @param headerBytesMax larger headers are refused with 400
 * @param connectionsMax how many connections are served at a time; more wait in the kernel's queue
 * @param receiveWithin how long a request may take from its first line to its last byte, and an answer to be taken by the
 *     caller; then the connection is closed
 * @param idleFor how long a connection may wait between requests. Longer than callers keep an idle one, or a request could
 *     meet the closing and fail
 * @param stopWithin how long {@link UnixHttpServer#close} waits for requests that are under way
 */
public record HttpLimits(
    int bodyBytesMax, int headerBytesMax, int connectionsMax, Duration receiveWithin, Duration idleFor, Duration stopWithin) {

  /** Roomy enough for any honest caller of a host. */
  public static final HttpLimits DEFAULT =
      new HttpLimits(1 << 20, 16 << 10, 256, Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofSeconds(115));

  public HttpLimits withStopWithin(Duration atMost) {
    return new HttpLimits(bodyBytesMax, headerBytesMax, connectionsMax, receiveWithin, idleFor, atMost);
  }

  public HttpLimits withReceiveWithin(Duration atMost) {
    return new HttpLimits(bodyBytesMax, headerBytesMax, connectionsMax, atMost, idleFor, stopWithin);
  }
}
