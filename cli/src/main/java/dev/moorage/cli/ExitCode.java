package dev.moorage.cli;

import dev.moorage.client.ClientException;
import dev.moorage.client.ServiceError;
import dev.moorage.client.ServiceUnreachable;
import dev.moorage.volume.VolumeException;

/** What the command's exit code says. docs/command.md promises these numbers. */
final class ExitCode {

  static final int OK = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int NOT_FOUND = 3;
  static final int BUSY = 4;
  static final int UNREACHABLE = 5;
  static final int EXISTS = 6;
  static final int NO_SPACE = 7;

  private ExitCode() {}

  /** Of a command that works without the service. */
  static int of(VolumeException failure) {
    return switch (failure) {
      case VolumeException.InvalidArgument _, VolumeException.OutOfRange _ -> USAGE;
      case VolumeException.NotFound _ -> NOT_FOUND;
      case VolumeException.InUse _, VolumeException.Busy _ -> BUSY;
      case VolumeException.AlreadyExists _ -> EXISTS;
      case VolumeException.NoSpace _ -> NO_SPACE;
      case VolumeException.Unavailable _, VolumeException.Denied _, VolumeException.Unsupported _, VolumeException.Corrupt _ -> FAILED;
    };
  }

  static int of(ClientException failure) {
    return switch (failure) {
      case ServiceUnreachable unreachable -> UNREACHABLE;
      case ServiceError error -> switch (error.kind()) {
        case "invalid-argument", "out-of-range" -> USAGE;
        case "not-found" -> NOT_FOUND;
        case "in-use", "busy" -> BUSY;
        case "already-exists" -> EXISTS;
        case "no-space" -> NO_SPACE;
        default -> FAILED;
      };
    };
  }
}
