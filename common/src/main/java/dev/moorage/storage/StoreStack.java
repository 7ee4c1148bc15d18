package dev.moorage.storage;

import dev.moorage.objectstore.Bandwidth;
import dev.moorage.objectstore.MeteredStore;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStores;
import dev.moorage.objectstore.Pace;
import dev.moorage.objectstore.RetryPolicy;
import dev.moorage.objectstore.RetryingStore;
import dev.moorage.objectstore.StoreLocation;
import dev.moorage.objectstore.ThrottledStore;
import dev.moorage.repository.RepositoryHeader;
import dev.moorage.telemetry.StoreMeter;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.VolumeException.NotFound;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;

/**
 * The object store of a repository with all that stands between: attempts are repeated, each is counted, and content flows no faster
 * than allowed. Whoever opened it closes {@link #store}.
 */
public record StoreStack(ObjectStore store, ObjectStore impatient) {

  /** Somebody waits for the first answer; whether the store is there at all shows sooner than in the two minutes of background work. */
  private static final RetryPolicy IMPATIENT = new RetryPolicy(Duration.ofMillis(100), Duration.ofSeconds(2), Duration.ofSeconds(10));

  /** Opens the store. What is asked of it is counted by {@code meter}. */
  public static StoreStack open(ObjectStores stores, RepositorySettings settings, StoreMeter meter) throws ObjectStoreException {
    Pace pace = Pace.real();
    ObjectStore raw = stores.open(StoreLocation.of(settings.location(), settings.options()));
    ObjectStore counted = new MeteredStore(
        new ThrottledStore(raw, bandwidth(settings.uploadLimit(), pace), bandwidth(settings.downloadLimit(), pace)), meter);
    SecureRandom random = new SecureRandom();
    return new StoreStack(new RetryingStore(counted, RetryPolicy.standard(), random, pace), new RetryingStore(counted, IMPATIENT, random, pace));
  }

  private static Optional<Bandwidth> bandwidth(Optional<ByteSize> limit, Pace pace) {
    return limit.map(bytes -> new Bandwidth(bytes.bytes(), pace));
  }

  /** Whether there is a repository; a store that does not answer soon is an error. */
  boolean holdsRepository() throws ObjectStoreException {
    return impatient.head(RepositoryHeader.KEY).isPresent();
  }

  /**
   * Finds out soon whether there is a repository.
   *
   * @throws NotFound when there is none
   */
  public void demandRepository(String action, String location) throws NotFound, ObjectStoreException {
    if (!holdsRepository()) {
      throw new NotFound(action, "there is no repository at " + location,
          "Check the location and that it is mounted or reachable; 'moorage repository create' makes a new one");
    }
  }
}
