package dev.moorage.admin;

import dev.moorage.storage.Caller;
import dev.moorage.volume.Owner;
import dev.moorage.volume.VolumeException.InvalidArgument;
import java.time.Duration;
import java.util.Optional;

/** On whose behalf the admin socket asks. */
final class Callers {

  /** Somebody types and waits: long enough for the short work of others to end. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  /** Work of any length goes on without the caller; this only bounds how long a connection stays open for it. */
  private static final Duration DEADLINE = Duration.ofMinutes(10);

  private Callers() {}

  /** The caller whose plain names are those of the query's {@code as} owner, else of {@code local}. */
  static Caller of(String action, AdminRequest request) throws InvalidArgument {
    Optional<String> as = request.parameter("as");
    Owner owner = as.isEmpty() ? Owner.LOCAL : Words.read(action, as.get(), Owner::new);
    return new Caller("admin", owner, PATIENCE, DEADLINE);
  }
}
