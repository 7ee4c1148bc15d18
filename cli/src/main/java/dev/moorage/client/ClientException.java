package dev.moorage.client;

/** A question to the service did not get the answer that was hoped for; the message is a sentence for the user. */
public abstract sealed class ClientException extends Exception permits ServiceError, ServiceUnreachable {

  ClientException(String message) {
    super(message);
  }

  ClientException(String message, Throwable cause) {
    super(message, cause);
  }
}
