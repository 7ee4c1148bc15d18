package dev.moorage.storage;

import dev.moorage.repository.KeyRotation;
import dev.moorage.repository.Repository;
import dev.moorage.repository.RepositoryId;
import dev.moorage.repository.key.KeySlot;
import dev.moorage.repository.key.RecoveryKey;
import dev.moorage.repository.key.UnlockSecret;
import dev.moorage.volume.RepositoryName;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.AlreadyExists;
import dev.moorage.volume.VolumeException.Denied;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.NotFound;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/**
 * What unlocks the repositories that this host knows. Secrets stand in files and are read when they are needed; a recovery key alone is
 * told, once. Safe for use by several threads.
 */
public final class RepositoryKeys {

  private final Repositories repositories;
  private final RepositoryRegistry registry;
  private final Work work;

  RepositoryKeys(Repositories repositories, RepositoryRegistry registry, Work work) {
    this.repositories = repositories;
    this.registry = registry;
    this.work = work;
  }

  /**
   * Takes the words of a recovery key and remembers that somebody has them.
   *
   * @throws Denied when they do not open the repository
   */
  public RepositoryStatus confirmRecovery(Caller caller, RepositoryName name, String words) throws VolumeException {
    Operation operation = Operation.of("confirm", "the recovery key of repository " + name);
    return work.run(caller, operation, List.of(LockKey.repositories()), () -> {
      RecoveryKey key = recoveryKey(operation.action(), words);
      RepositoryId id = repositories.use(operation.action(), name, repository -> {
        if (!repository.slots().isOpenedBy(key)) {
          throw new Denied(operation.action(), "this recovery key does not open it", "Type the newest one that was shown, "
              + "or make a new one: moorage repository key add " + name + " --recovery");
        }
        return repository.header().id();
      });
      registry.confirm(operation.action(), id, true);
      return repositories.status(name);
    });
  }

  private static RecoveryKey recoveryKey(String action, String words) throws InvalidArgument {
    try {
      return RecoveryKey.parse(words);
    } catch (IllegalArgumentException e) {
      throw new InvalidArgument(action, String.valueOf(e.getMessage()), "Type it as it was shown; hyphens and small letters do not matter", e);
    }
  }

  /** The key slots of a repository as they are now. */
  public List<KeySlot> list(RepositoryName name) throws VolumeException {
    return repositories.use("list the keys of repository " + name, name, repository -> repository.slots().list());
  }

  /** Adds a file whose secret opens the repository from now on; {@code generates}: a new key file, which must not exist. */
  public KeySlot add(Caller caller, RepositoryName name, SecretFile file, boolean generates, String label) throws VolumeException {
    Operation operation = Operation.of("add a key to", "repository " + name);
    return repositories.change(caller, operation, name, repository -> {
      UnlockSecret secret = (generates ? SecretFile.generate(operation.action(), file.path()) : file).read(operation.action());
      if (!generates && repository.slots().isOpenedBy(secret)) {
        throw new AlreadyExists(operation.action(), "this secret opens it already", "");
      }
      return repository.addKey(secret, label);
    });
  }

  /** Adds a new recovery key, which is told once, and wants it asked back. */
  public Repositories.Created addRecovery(Caller caller, RepositoryName name) throws VolumeException {
    Operation operation = Operation.of("add a recovery key to", "repository " + name);
    return work.run(caller, operation, List.of(LockKey.repositories()), () -> {
      RecoveryKey key = RecoveryKey.generate(new SecureRandom());
      RepositoryId id = repositories.use(operation.action(), name, repository -> {
        repository.addKey(key, "recovery key");
        return repository.header().id();
      });
      wantRecoveryKey(operation.action(), id, repositories.status(name).settings());
      return new Repositories.Created(repositories.status(name), key.words());
    });
  }

  /** Removes a key slot: its secret opens the repository no more. The last one and the one that this host uses stay. */
  public void remove(Caller caller, RepositoryName name, String slot) throws VolumeException {
    Operation operation = Operation.of("remove a key of", "repository " + name);
    repositories.change(caller, operation, name, repository -> {
      UnlockSecret own = repositories.status(name).settings().secret().read(operation.action());
      if (repository.slots().list().stream().noneMatch(each -> each.id().toString().equals(slot))) {
        throw new NotFound(operation.action(), "there is no key slot " + slot, "'moorage repository key ls " + name + "' lists them");
      }
      if (repository.slots().isOpenedByNoOther(own, slot)) {
        throw new InvalidArgument(operation.action(), "this host opens it by key slot " + slot, "Give this host another key first: "
            + "'moorage repository key add', then 'remove' and 'add' the repository with that key");
      }
      repository.slots().remove(slot);
      return slot;
    });
  }

  /**
   * Rotates the keys: what is written from now on only the kept secrets open, this host's among them; and a new recovery key, which is
   * told once, in place of those that were not given. Who has it open learns of it when it reads something newer or uploads.
   */
  public KeyRotation.Outcome rotate(Caller caller, RepositoryName name, RotateKeys request) throws VolumeException {
    Operation operation = Operation.of("rotate the keys of", "repository " + name);
    return work.run(caller, operation, List.of(LockKey.repositories()), () -> {
      RepositorySettings settings = repositories.status(name).settings();
      return repositories.use(operation.action(), name, repository -> {
        KeyRotation rotation = request.prepare(operation.action(), repository, settings.secret());
        if (rotation.replacesRecoveryKey()) {
          // Before it is made: whoever is killed before he sees it is reminded by the doctor.
          wantRecoveryKey(operation.action(), repository.header().id(), settings);
        }
        KeyRotation.Outcome done = rotation.run();
        repositories.discard(name, repository);
        return done;
      });
    });
  }

  /** Remembers that there is a recovery key that nobody has shown to have. */
  private void wantRecoveryKey(String action, RepositoryId id, RepositorySettings settings) throws VolumeException {
    registry.put(action, new RepositoryRecord(Optional.of(id), settings, true));
    registry.confirm(action, id, false);
  }
}
