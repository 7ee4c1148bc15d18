package dev.moorage.docker;

import dev.moorage.storage.Consumer;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeName;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads what dockerd sends, and refuses what makes no sense with a sentence for the user. */
final class RequestReader {

  /** dockerd's are 64 hexadecimal digits; other engines may choose others, but none with slashes or control characters. */
  private static final Pattern MOUNT_ID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.:-]{0,255}");

  private RequestReader() {}

  static DockerRequest read(DockerCall call, String body) throws VolumeException {
    String subject = "";
    try {
      return switch (call) {
        case ACTIVATE -> new DockerRequest.Activate();
        case LIST -> new DockerRequest.ListAll();
        case CAPABILITIES -> new DockerRequest.Capabilities();
        case CREATE, REMOVE, MOUNT, UNMOUNT, PATH, GET -> {
          JsonObject json = Wire.parse(body);
          subject = text(json, "Name");
          yield ofVolume(call, new VolumeName(subject), json);
        }
      };
    } catch (IllegalArgumentException e) {
      throw new VolumeException.InvalidArgument(call.actionOn(Wire.printable(subject)), String.valueOf(e.getMessage()), "", e);
    }
  }

  private static DockerRequest ofVolume(DockerCall call, VolumeName name, JsonObject json) {
    return switch (call) {
      case CREATE -> new DockerRequest.Create(CreateOptions.read(name, options(json)));
      case REMOVE -> new DockerRequest.Remove(name);
      case MOUNT -> new DockerRequest.Mount(name, consumer(json));
      case UNMOUNT -> new DockerRequest.Unmount(name, consumer(json));
      case PATH -> new DockerRequest.PathOf(name);
      case GET -> new DockerRequest.Get(name);
      case ACTIVATE, LIST, CAPABILITIES -> throw new IllegalStateException("BUG: " + call + " is not of a volume");
    };
  }

  private static Consumer consumer(JsonObject json) {
    String id = text(json, "ID");
    if (!MOUNT_ID.matcher(id).matches()) {
      throw new IllegalArgumentException("'" + Wire.printable(id) + "' is not the id of a mount");
    }
    return new Consumer.DockerMount(id);
  }

  private static String text(JsonObject json, String member) {
    if (json.get(member) instanceof JsonString text) {
      return text.getString();
    }
    throw new IllegalArgumentException("the request has no text named " + member);
  }

  private static Map<String, String> options(JsonObject json) {
    JsonValue value = json.getOrDefault("Opts", JsonValue.NULL);
    if (value.equals(JsonValue.NULL)) {
      return Map.of();
    }
    if (!(value instanceof JsonObject object)) {
      throw new IllegalArgumentException("Opts is not an object");
    }
    Map<String, String> options = new LinkedHashMap<>();
    for (Map.Entry<String, JsonValue> entry : object.entrySet()) {
      if (!(entry.getValue() instanceof JsonString text)) {
        throw new IllegalArgumentException("the option " + Wire.printable(entry.getKey()) + " is not a text");
      }
      options.put(entry.getKey(), text.getString());
    }
    return options;
  }
}
