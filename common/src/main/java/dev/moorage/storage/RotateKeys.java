package dev.moorage.storage;

import dev.moorage.repository.KeyRotation;
import dev.moorage.repository.Repository;
import dev.moorage.repository.key.KeySlot;
import dev.moorage.repository.key.UnlockSecret;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.NotFound;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A request for a rotation of a repository's keys.
 *
 * @param kept the secrets that go on opening it, besides the one by which it is opened here
 * @param dropped ids of key slots whose secrets shall open nothing that is written later; each slot must be opened by a secret that is
 *     kept, or be named here, or be that of a recovery key, which is replaced
 */
public record RotateKeys(List<SecretFile> kept, Set<String> dropped) {

  public RotateKeys {
    kept = List.copyOf(kept);
    dropped = Set.copyOf(dropped);
  }

  /**
   * Reads the secrets and looks whom the rotation would lock out; changes nothing. {@code own} is what opens the repository here.
   *
   * @throws InvalidArgument when it would lock out somebody who is not named, or when a slot is kept and dropped
   * @throws NotFound when a slot that is named is not there
   * @throws VolumeException.Denied when one of the secrets does not open it
   */
  public KeyRotation prepare(String action, Repository repository, SecretFile own) throws VolumeException, IOException {
    List<UnlockSecret> secrets = new ArrayList<>(List.of(own.read(action)));
    for (SecretFile file : kept) {
      UnlockSecret secret = file.read(action);
      if (!repository.slots().isOpenedBy(secret)) {
        throw new VolumeException.Denied(action, file.path() + " does not open it", "Add it first, or leave it out");
      }
      secrets.add(secret);
    }
    Set<String> unknown = new TreeSet<>(dropped);
    repository.slots().list().forEach(slot -> unknown.remove(slot.id().toString()));
    if (!unknown.isEmpty()) {
      throw new NotFound(action, "there is no key slot " + unknown.iterator().next(), "'moorage repository key ls' lists them");
    }
    KeyRotation rotation = repository.rotation(secrets);
    List<KeySlot> forgotten = rotation.lockedOut().stream().filter(slot -> !dropped.contains(slot.id().toString())).toList();
    if (!forgotten.isEmpty()) {
      throw new InvalidArgument(action, "it would lock out " + forgotten.stream().map(RotateKeys::words).collect(Collectors.joining(", ")),
          "Give the secret, since what wraps the new keys must be here, with --keep-key-file or --keep-passphrase-file; or name the key"
              + " slot with --drop");
    }
    return rotation;
  }

  private static String words(KeySlot slot) {
    return "the " + slot.kind().word() + (slot.label().isEmpty() ? "" : " '" + slot.label() + "'") + " of key slot " + slot.id();
  }
}
