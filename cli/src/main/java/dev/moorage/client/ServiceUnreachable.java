package dev.moorage.client;

/** Nobody answered on the socket, or not in the way of this service. */
public final class ServiceUnreachable extends ClientException {

  ServiceUnreachable(String message) {
    super(message);
  }

  ServiceUnreachable(String message, Throwable cause) {
    super(message, cause);
  }
}
