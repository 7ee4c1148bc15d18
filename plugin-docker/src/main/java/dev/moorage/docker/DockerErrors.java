package dev.moorage.docker;

import dev.moorage.http.HttpAnswer;
import dev.moorage.volume.VolumeException;

/**
 * The wire form of what went wrong. dockerd shows {@code Err} word for word. The status is never 200, because Podman takes that
 * for success without a look at {@code Err}; which other status it is means nothing to either, and tells people who use curl.
 */
final class DockerErrors {

  private DockerErrors() {}

  static HttpAnswer.Reply reply(VolumeException failure) {
    return reply(status(failure), String.valueOf(failure.getMessage()));
  }

  static HttpAnswer.Reply reply(int status, String reason) {
    return new HttpAnswer.Reply(status, Wire.CONTENT_TYPE, Wire.failure(reason));
  }

  private static int status(VolumeException failure) {
    return switch (failure) {
      case VolumeException.InvalidArgument _, VolumeException.OutOfRange _ -> 400;
      case VolumeException.Denied _ -> 403;
      case VolumeException.NotFound _ -> 404;
      case VolumeException.AlreadyExists _, VolumeException.InUse _, VolumeException.Busy _ -> 409;
      case VolumeException.Corrupt _ -> 500;
      case VolumeException.Unsupported _ -> 501;
      case VolumeException.Unavailable _ -> 503;
      case VolumeException.NoSpace _ -> 507;
    };
  }

  /**
   * Whether it says for certain that a volume does not exist, or cannot. dockerd takes every answered error of Get for that, and
   * forgets the volume's labels and options.
   */
  static boolean provesAbsence(VolumeException failure) {
    return switch (failure) {
      case VolumeException.NotFound _, VolumeException.InvalidArgument _ -> true;
      case VolumeException.OutOfRange _, VolumeException.Denied _, VolumeException.AlreadyExists _, VolumeException.InUse _,
          VolumeException.Busy _, VolumeException.Corrupt _, VolumeException.Unsupported _, VolumeException.Unavailable _,
          VolumeException.NoSpace _ -> false;
    };
  }
}
