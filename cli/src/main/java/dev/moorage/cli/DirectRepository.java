package dev.moorage.cli;

import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStores;
import dev.moorage.repository.Repository;
import dev.moorage.repository.key.UnlockSecret;
import dev.moorage.storage.Repositories;
import dev.moorage.storage.RepositorySettings;
import dev.moorage.storage.RepositoryTrouble;
import dev.moorage.storage.StoreStack;
import dev.moorage.telemetry.Telemetry;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.time.Clock;

/** A repository that this process opens itself, without the service. Named only where it is used, so that other commands load none of it. */
final class DirectRepository {

  private DirectRepository() {}

  /** Opens it, works with it, closes it. */
  static <T> T use(String action, RepositorySettings settings, Clock clock, Repositories.Use<T> use) throws VolumeException {
    UnlockSecret secret = settings.secret().read(action);
    try {
      StoreStack stack = StoreStack.open(ObjectStores.installed(), settings, new Telemetry(clock).storeMeter(settings.name().value()));
      try {
        stack.demandRepository(action, settings.location());
        return use.with(Repository.open(stack.store(), secret, clock));
      } finally {
        close(stack);
      }
    } catch (IOException e) {
      throw RepositoryTrouble.during(action, e);
    }
  }

  /** What was done stays done when the connections do not end in order. */
  private static void close(StoreStack stack) {
    try {
      stack.store().close();
    } catch (ObjectStoreException e) {
      System.getLogger(DirectRepository.class.getName()).log(System.Logger.Level.DEBUG, "not closed cleanly", e);
    }
  }
}
