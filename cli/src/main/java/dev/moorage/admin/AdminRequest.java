package dev.moorage.admin;

import java.util.Map;
import java.util.Optional;

/** One request, away from the server that read it. {@code path} begins with a slash and has no query; {@code body} is JSON or empty. */
public record AdminRequest(String method, String path, Map<String, String> query, String body) {

  public AdminRequest {
    query = Map.copyOf(query);
  }

  /** A parameter of the query; an empty one counts as absent. */
  Optional<String> parameter(String name) {
    return Optional.ofNullable(query.get(name)).filter(value -> !value.isEmpty());
  }
}
