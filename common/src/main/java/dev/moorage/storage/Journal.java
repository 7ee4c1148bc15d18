package dev.moorage.storage;

import dev.moorage.telemetry.Telemetry;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeId;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** What happened: the audit lines, and the newest error of each volume since start. Safe for use by several threads. */
final class Journal {

  private final Telemetry telemetry;
  private final ConcurrentMap<VolumeId, String> lastErrors = new ConcurrentHashMap<>();

  Journal(Telemetry telemetry) {
    this.telemetry = telemetry;
  }

  void ended(String door, Operation operation, String outcome, long nanos, String detail) {
    telemetry.ended(door, operation.verb(), operation.subject(), outcome, nanos, detail);
  }

  void failed(String door, Operation operation, VolumeException failure, long nanos) {
    if (tellsOfTheVolume(failure)) {
      operation.volume().ifPresent(volume -> noteError(volume, failure));
    }
    ended(door, operation, Outcome.of(failure), nanos, failure.reason());
  }

  /** A request that was wrong, or came too early, says nothing about the volume that it named. */
  private static boolean tellsOfTheVolume(VolumeException failure) {
    return switch (failure) {
      case VolumeException.NotFound _, VolumeException.AlreadyExists _, VolumeException.InvalidArgument _,
          VolumeException.OutOfRange _, VolumeException.Unsupported _, VolumeException.Busy _ -> false;
      case VolumeException.InUse _, VolumeException.NoSpace _, VolumeException.Unavailable _, VolumeException.Denied _,
          VolumeException.Corrupt _ -> true;
    };
  }

  /** Remembers trouble that did not make an operation fail, or that nobody waits for. */
  void noteError(VolumeId volume, VolumeException failure) {
    lastErrors.put(volume, telemetry.now().truncatedTo(ChronoUnit.SECONDS) + " " + failure.getMessage());
  }

  Optional<String> lastError(VolumeId volume) {
    return Optional.ofNullable(lastErrors.get(volume));
  }

  void forget(VolumeId volume) {
    lastErrors.remove(volume);
  }
}
