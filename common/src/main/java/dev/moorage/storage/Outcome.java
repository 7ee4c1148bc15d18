package dev.moorage.storage;

import dev.moorage.volume.VolumeException;

/** The words for how an operation ended, in metrics and audit lines. */
final class Outcome {

  static final String OK = "ok";
  /** Done, but the caller had left before. */
  static final String UNATTENDED = "unattended";
  /** Ended because somebody did not want it any more. */
  static final String CANCELLED = "cancelled";
  /** An error of Moorage itself. */
  static final String BUG = "bug";

  private Outcome() {}

  static String of(VolumeException failure) {
    return switch (failure) {
      case VolumeException.NotFound _ -> "not-found";
      case VolumeException.AlreadyExists _ -> "already-exists";
      case VolumeException.InUse _ -> "in-use";
      case VolumeException.InvalidArgument _ -> "invalid-argument";
      case VolumeException.OutOfRange _ -> "out-of-range";
      case VolumeException.NoSpace _ -> "no-space";
      case VolumeException.Busy _ -> "busy";
      case VolumeException.Unavailable _ -> "unavailable";
      case VolumeException.Denied _ -> "denied";
      case VolumeException.Unsupported _ -> "unsupported";
      case VolumeException.Corrupt _ -> "corrupt";
    };
  }
}
