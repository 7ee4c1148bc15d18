package dev.moorage.repository;

import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.repository.key.KeyRing;
import dev.moorage.repository.key.KeySlot;
import dev.moorage.repository.key.KeySlots;
import dev.moorage.repository.key.RecoveryKey;
import dev.moorage.repository.key.SlotKind;
import dev.moorage.repository.key.UnlockSecret;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A rotation of a repository's keys: what is written from now on is written with a fresh key, which only the secrets that were given
 * open, and a new recovery key. What was written before stays as it is, and readable.
 *
 * <p>In this order: the new ring is wrapped into a slot for each secret; then the new epoch is put in force, which is what counts; then
 * all older slots are deleted. Killed in between, it has either changed nothing that anybody uses, or is done but for slots that open
 * what was written before; running it once more is safe either way. Of two at once one wins, and the other one says so. Needs the
 * right to delete for its last step alone.
 *
 * <p>What it cannot do: whoever has a secret that was left out, or a copy of the old ring, can still read what was written before, and
 * a process that has the repository open writes with the old key until it opens it anew, which uploads do when they begin.
 */
public final class KeyRotation {

  private static final String RECOVERY = "recovery key";

  private final RepositoryId repository;
  private final Keys keys;
  private final Epochs epochs;
  private final SecureRandom random;
  private final List<KeySlot> before;
  private final List<Kept> kept = new ArrayList<>();
  private final List<KeySlot> lockedOut = new ArrayList<>();
  private final List<KeySlot> recoveries = new ArrayList<>();

  /** A secret that goes on opening the repository, and what its slot was called. */
  private record Kept(UnlockSecret secret, String label) {}

  /**
   * What a rotation did.
   *
   * @param epoch what writes now
   * @param slots those that open the repository now
   * @param removed older ones, which are gone
   * @param left older ones that the store did not let go; they open what was written before, and nothing newer
   * @param recoveryKey the words of the new recovery key, which nobody can show again; empty when the old one was given or there was none
   */
  public record Outcome(int epoch, List<KeySlot> slots, List<KeySlot> removed, List<KeySlot> left, Optional<String> recoveryKey) {}

  /**
   * Looks who opens the repository now; changes nothing.
   *
   * @throws UnreadableException.WrongKey when one of the secrets does not open it
   */
  KeyRotation(RepositoryId repository, Keys keys, Epochs epochs, List<UnlockSecret> secrets, SecureRandom random) throws IOException {
    this.repository = repository;
    this.keys = keys;
    this.epochs = epochs;
    this.random = random;
    this.before = keys.list();
    List<KeySlot> opened = new ArrayList<>();
    for (UnlockSecret secret : secrets) {
      List<KeySlot> own = KeySlots.unlockAll(repository, before, secret).stream().map(KeySlots.Unlocked::slot).toList();
      if (opened.stream().noneMatch(own::contains)) {
        kept.add(new Kept(secret, own.getLast().label()));
      }
      opened.addAll(own);
    }
    for (KeySlot slot : before) {
      if (!opened.contains(slot)) {
        (slot.kind() == SlotKind.RECOVERY ? recoveries : lockedOut).add(slot);
      }
    }
  }

  /** The slots whose secrets were not given, but for recovery keys: who has one of these opens nothing that is written later. */
  public List<KeySlot> lockedOut() {
    return List.copyOf(lockedOut);
  }

  /** Whether there are recovery keys that were not given; they are replaced by a new one. */
  public boolean replacesRecoveryKey() {
    return !recoveries.isEmpty();
  }

  /**
   * Rotates. Call it once.
   *
   * @throws UnreadableException.Rotated when none of the secrets opens the newest ring, or another rotation was faster
   */
  public Outcome run() throws IOException {
    KeyRing ring = newest().rotated(random);
    List<KeySlot> slots = new ArrayList<>();
    Optional<RecoveryKey> recovery = replacesRecoveryKey() ? Optional.of(RecoveryKey.generate(random)) : Optional.empty();
    for (Kept each : kept) {
      slots.add(keys.add(ring, each.secret, each.label));
    }
    if (recovery.isPresent()) {
      slots.add(keys.add(ring, recovery.get(), RECOVERY));
    }
    if (!epochs.begin(ring)) {
      delete(slots);
      throw new UnreadableException.Rotated("repository " + repository, "was given other keys by somebody else at the same moment");
    }
    List<KeySlot> left = delete(before);
    return new Outcome(ring.epoch(), slots, before.stream().filter(slot -> !left.contains(slot)).toList(), left,
        recovery.map(RecoveryKey::words));
  }

  /** The ring with every key that is in force: without one of them, what it wrote would be lost. */
  private KeyRing newest() throws IOException {
    int inForce = epochs.newest();
    for (Kept each : kept) {
      KeyRing ring = keys.unlock(each.secret);
      if (ring.epoch() >= inForce) {
        return ring;
      }
    }
    throw new UnreadableException.Rotated("repository " + repository, "is at key epoch " + inForce
        + ", and none of the secrets that were given opens that: they were left out of the last rotation");
  }

  /** Deletes slots and returns those that the store keeps. */
  private List<KeySlot> delete(List<KeySlot> slots) throws IOException {
    List<KeySlot> left = new ArrayList<>();
    for (KeySlot slot : slots) {
      try {
        keys.delete(slot);
      } catch (ObjectStoreException.Denied e) {
        left.add(slot);
      }
    }
    return left;
  }
}
