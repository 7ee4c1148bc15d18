package dev.moorage.client;

/** The service answered with an error. {@code kind} is its word for scripts, such as {@code not-found}; docs/admin-api.md lists them. */
public final class ServiceError extends ClientException {

  private final int status;
  private final String kind;
  private final String json;

  ServiceError(int status, String kind, String message, String json) {
    super(message);
    this.status = status;
    this.kind = kind;
    this.json = json;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  public String kind() {
    return kind;
  }

  /** The whole answer as it came. */
  public String json() {
    return json;
  }
}
