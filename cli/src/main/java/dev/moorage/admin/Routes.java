package dev.moorage.admin;

import dev.moorage.storage.Storage;
import dev.moorage.volume.VolumeException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The table of routes below {@code /v1/}. A pattern is a method and a shape: {@code GET volumes}, {@code POST pools:adopt},
 * {@code DELETE volumes/*}, {@code POST volumes/*:grow}; the star is a name and may hold a slash (owner/name), never a colon.
 */
final class Routes {

  /** Answers a request; {@code name} is what the star stands for, or empty. */
  interface Handler {
    AdminAnswer answer(Storage storage, AdminRequest request, String name) throws VolumeException;
  }

  /** A route that was found. */
  record Found(Handler handler, String name) {}

  private static final String PREFIX = "/v1/";

  private final Map<String, Handler> handlers = new TreeMap<>();

  void add(String pattern, Handler handler) {
    if (handlers.put(pattern, handler) != null) {
      throw new IllegalStateException("BUG: two routes " + pattern);
    }
  }

  /** All patterns, in order, for the documentation's test. */
  List<String> patterns() {
    return List.copyOf(handlers.keySet());
  }

  /** Finds the route; a path that nobody knows, or not with this method, throws with the methods that there are. */
  Found find(AdminRequest request) throws NoSuchRoute {
    String rest = request.path().startsWith(PREFIX) ? request.path().substring(PREFIX.length()) : "";
    int slash = rest.indexOf('/');
    int colon = rest.lastIndexOf(':');
    String verb = colon < 0 ? "" : rest.substring(colon);
    String name = slash < 0 ? "" : rest.substring(slash + 1, colon > slash ? colon : rest.length());
    String shape = slash < 0 ? rest : rest.substring(0, slash) + "/*" + verb;
    if (rest.isEmpty() || (slash >= 0 && name.isEmpty())) {
      throw new NoSuchRoute(404, "");
    }
    Handler handler = handlers.get(request.method() + " " + shape);
    if (handler == null) {
      String others = String.join(", ", handlers.keySet().stream()
          .filter(pattern -> pattern.substring(pattern.indexOf(' ') + 1).equals(shape))
          .map(pattern -> pattern.substring(0, pattern.indexOf(' ')))
          .toList());
      throw new NoSuchRoute(others.isEmpty() ? 404 : 405, others);
    }
    // The one character of a name that would end a path.
    return new Found(handler, name.replace("%23", "#"));
  }

  /** Nobody answers this method and path; {@code methods} are those that the path has. */
  static final class NoSuchRoute extends Exception {
    final int status;
    final String methods;

    NoSuchRoute(int status, String methods) {
      super("no such route", null, false, false);
      this.status = status;
      this.methods = methods;
    }
  }
}
