package dev.moorage.http;

/** What becomes of a request. */
public sealed interface HttpAnswer {

  /** An answer with a body, sent as UTF-8. */
  record Reply(int status, String contentType, String body) implements HttpAnswer {}

  /**
   * The connection ends without an answer, so that the caller sees a failure of the transport and not one of its request.
   * {@code reason} goes to the log.
   */
  record HangUp(String reason) implements HttpAnswer {}
}
