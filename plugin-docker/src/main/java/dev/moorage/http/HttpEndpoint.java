package dev.moorage.http;

/** What a server does with requests. Called by many virtual threads at once. */
public interface HttpEndpoint {

  /**
   * Answers one request; may block for as long as the work takes. An exception is answered as an internal error, so whoever
   * wants something else said catches it.
   */
  HttpAnswer answer(HttpRequest request);

  /** Puts a refusal by the server itself (bad framing, too large, not UTF-8, an exception) into the endpoint's own form. */
  HttpAnswer.Reply refuse(int status, String reason);
}
