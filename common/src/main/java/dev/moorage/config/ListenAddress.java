package dev.moorage.config;

/** Where a TCP port is opened: {@code HOST:PORT}; an address of IPv6 stands in brackets. */
public record ListenAddress(String host, int port) {

  private static final int PORT_MAX = 65535;

  /** Reads it; the port is never left out. */
  static ListenAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    String port = text.substring(colon + 1);
    String host = colon < 0 ? "" : text.substring(0, colon).replaceFirst("^\\[(.*)]$", "$1");
    if (host.isEmpty() || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > PORT_MAX
        || (host.contains(":") && text.charAt(0) != '[')) {
      throw new IllegalArgumentException("'" + text + "' is no address to listen at; write it like 0.0.0.0:9808 or [::]:9808");
    }
    return new ListenAddress(host, Integer.parseInt(port));
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
