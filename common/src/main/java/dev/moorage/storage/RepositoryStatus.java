package dev.moorage.storage;

import dev.moorage.repository.RepositoryId;
import dev.moorage.telemetry.StoreMeter;
import java.util.Optional;

/**
 * What this host knows of a repository without asking its store.
 *
 * @param id empty while it was never opened
 * @param configured whether it stands in the configuration file, and not in the registry
 * @param problem why it could not be opened when that was tried last
 * @param requests to its store since the service started
 */
public record RepositoryStatus(
    RepositorySettings settings,
    Optional<RepositoryId> id,
    boolean configured,
    boolean open,
    RecoveryKeyState recoveryKey,
    Optional<String> problem,
    StoreMeter.Counts requests) {

  /** Whether somebody has shown that the recovery key was written down. */
  public enum RecoveryKeyState {
    /** It was shown on this host, and never asked back. */
    UNCONFIRMED,
    /** It was asked back. */
    CONFIRMED,
    /** It was shown on another host, if at all. */
    UNKNOWN
  }
}
