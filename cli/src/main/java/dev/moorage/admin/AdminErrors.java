package dev.moorage.admin;

import dev.moorage.volume.VolumeException;
import jakarta.json.JsonObject;

/** The one place where errors become HTTP statuses and words for scripts. */
final class AdminErrors {

  private AdminErrors() {}

  private record Wire(int status, String kind) {}

  static AdminAnswer answer(VolumeException error) {
    Wire wire = wire(error);
    return answer(wire.status(), wire.kind(), error.action(), error.reason(), error.remedy(), String.valueOf(error.getMessage()));
  }

  static AdminAnswer answer(int status, String kind, String action, String reason, String remedy, String message) {
    JsonObject body = Json.object()
        .add("kind", kind)
        .add("action", action)
        .add("reason", reason)
        .add("remedy", remedy)
        .add("message", message)
        .build();
    return AdminAnswer.of(status, body);
  }

  private static Wire wire(VolumeException error) {
    return switch (error) {
      case VolumeException.NotFound e -> new Wire(404, "not-found");
      case VolumeException.AlreadyExists e -> new Wire(409, "already-exists");
      case VolumeException.InUse e -> new Wire(409, "in-use");
      case VolumeException.InvalidArgument e -> new Wire(400, "invalid-argument");
      case VolumeException.OutOfRange e -> new Wire(422, "out-of-range");
      case VolumeException.NoSpace e -> new Wire(507, "no-space");
      case VolumeException.Busy e -> new Wire(423, "busy");
      case VolumeException.Unavailable e -> new Wire(503, "unavailable");
      case VolumeException.Denied e -> new Wire(403, "denied");
      case VolumeException.Unsupported e -> new Wire(501, "unsupported");
      case VolumeException.Corrupt e -> new Wire(500, "corrupt");
    };
  }
}
