package dev.moorage.cli;

import dev.moorage.client.AdminClient;
import dev.moorage.client.ClientException;
import dev.moorage.storage.SnapshotRef;
import dev.moorage.storage.VolumeRef;
import dev.moorage.volume.Owner;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The client with the words of this command line: checks names before they are sent, says whose they are, shows that it waits. */
final class Questions {

  private final AdminClient client;
  private final String owner;
  private final Terminal terminal;

  Questions(AdminClient client, String owner, Terminal terminal) {
    this.client = client;
    this.owner = owner.isEmpty() ? "" : new Owner(owner).value();
    this.terminal = terminal;
  }

  /** The owner that was asked for, or empty. */
  String owner() {
    return owner;
  }

  static JsonObjectBuilder body() {
    return AdminClient.json().createObjectBuilder();
  }

  /** The path of a volume; a name that cannot be one is wrong usage. */
  static String volume(String name) {
    VolumeRef.parse(name);
    return "/v1/volumes/" + name;
  }

  /** The path of a snapshot; a name that cannot be one is wrong usage. */
  static String snapshot(String name) {
    SnapshotRef.parse(name);
    return "/v1/snapshots/" + name.replace("#", "%23");
  }

  static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  JsonObject get(String path) throws ClientException {
    return client.get(withOwner(path));
  }

  JsonObject post(String what, String path, JsonObjectBuilder body) throws ClientException {
    try (Waiting _ = Waiting.showing(terminal, what)) {
      return client.post(withOwner(path), body.build());
    }
  }

  /** The job as it ended. Without a word on the terminal: who asks may be ending. */
  JsonObject cancelJob(String id) throws ClientException {
    return client.post("/v1/jobs/" + id + ":cancel", body().build()).getJsonObject("job");
  }

  JsonObject delete(String what, String path) throws ClientException {
    try (Waiting _ = Waiting.showing(terminal, what)) {
      return client.delete(withOwner(path));
    }
  }

  private String withOwner(String path) {
    return owner.isEmpty() ? path : path + (path.indexOf('?') < 0 ? "?" : "&") + "as=" + owner;
  }
}
