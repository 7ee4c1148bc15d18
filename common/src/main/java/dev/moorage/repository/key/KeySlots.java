package dev.moorage.repository.key;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.moorage.repository.Hex128;
import dev.moorage.repository.RepositoryId;
import dev.moorage.repository.UnreadableException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Wraps the key ring into slots and gets it out again. A slot can be opened by one secret; any one slot is enough.
 *
 * <p>To rotate: {@link KeyRing#rotated}, then {@link #wrap} the new ring once for each secret that shall go on opening the
 * repository, store these slots, put the new epoch in force, then delete all older ones. Whoever holds a secret that was left out can
 * read what was written before, and nothing that is written later. Until the older slots are gone, {@link #unlock} prefers the newest
 * ring.
 *
 * <p>Safe for several threads.
 */
public final class KeySlots {

  private static final int SALT_BYTES = 32;
  private static final int LABEL_CHARACTERS_MAX = 200;

  /** Always this one: a slot's key encrypts one ring, because its salt is fresh. */
  private static final GCMParameterSpec NONCE = new GCMParameterSpec(128, new byte[12]);

  private KeySlots() {}

  /**
   * What a secret opened.
   *
   * @param slot the slot that it opened
   */
  public record Unlocked(KeyRing ring, KeySlot slot) {}

  /** A new slot that holds the ring and that {@code secret} opens. It counts once it is stored. */
  public static KeySlot wrap(KeyRing ring, UnlockSecret secret, String label, Instant now, SecureRandom random) {
    return wrap(ring, secret, Stretching.of(secret.kind()), label, now, random);
  }

  static KeySlot wrap(
      KeyRing ring, UnlockSecret secret, Stretching stretching, String label, Instant now, SecureRandom random) {
    if (label.length() > LABEL_CHARACTERS_MAX || label.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("the label of a key slot has at most " + LABEL_CHARACTERS_MAX + " printable characters");
    }
    byte[] salt = new byte[SALT_BYTES];
    Hex128 id = Hex128.random(random);
    random.nextBytes(salt);
    String saltText = Base64.getEncoder().encodeToString(salt);
    KeySlot empty = new KeySlot(id, secret.kind(), label, now, stretching, saltText, "");
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, ring.repository(), empty, secret);
      String wrapped = Base64.getEncoder().encodeToString(cipher.doFinal(KeyRingCodec.encode(ring)));
      return new KeySlot(id, secret.kind(), label, now, stretching, saltText, wrapped);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("BUG: a key ring could not be encrypted", e);
    }
  }

  /**
   * Opens the ring with this secret. When it opens several slots, the ring with the newest epoch is the one.
   *
   * @throws UnreadableException.WrongKey when it opens none of the slots
   */
  public static Unlocked unlock(RepositoryId repository, Collection<KeySlot> slots, UnlockSecret secret)
      throws UnreadableException {
    return unlockAll(repository, slots, secret).stream().max(Comparator.comparingInt(each -> each.ring().epoch())).orElseThrow();
  }

  /**
   * Every ring that this secret opens, one for each of its slots.
   *
   * @throws UnreadableException.WrongKey when it opens none of the slots
   */
  public static List<Unlocked> unlockAll(RepositoryId repository, Collection<KeySlot> slots, UnlockSecret secret)
      throws UnreadableException {
    List<Unlocked> opened = new ArrayList<>();
    for (KeySlot slot : slots) {
      if (slot.kind() == secret.kind()) {
        open(repository, slot, secret).ifPresent(ring -> opened.add(new Unlocked(ring, slot)));
      }
    }
    if (opened.isEmpty()) {
      throw wrongKey(repository, slots, secret);
    }
    return opened;
  }

  /** The ring in this slot, or nothing when the secret does not open it. */
  public static Optional<KeyRing> open(RepositoryId repository, KeySlot slot, UnlockSecret secret) throws UnreadableException {
    try {
      byte[] encoded = cipher(Cipher.DECRYPT_MODE, repository, slot, secret).doFinal(slot.ringBytes());
      return Optional.of(KeyRingCodec.decode(slot.key(), encoded));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("BUG: a key ring could not be decrypted", e);
    }
  }

  private static UnreadableException.WrongKey wrongKey(
      RepositoryId repository, Collection<KeySlot> slots, UnlockSecret secret) {
    String there = slots.stream().map(slot -> slot.kind().word() + " " + slot.label()).distinct().sorted()
        .collect(Collectors.joining(", "));
    return new UnreadableException.WrongKey("repository " + repository,
        "is not opened by this " + secret + ". Its key slots are: " + (there.isEmpty() ? "none" : there));
  }

  private static Cipher cipher(int mode, RepositoryId repository, KeySlot slot, UnlockSecret secret)
      throws GeneralSecurityException {
    byte[] label = ("moorage/1/slot/" + slot.kind().word()).getBytes(US_ASCII);
    byte[] salt = slot.saltBytes();
    SecretKey key = Hkdf.aesKey(secret.stretched(slot.stretching(), salt), salt, label);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, NONCE);
    cipher.updateAAD(slot.authenticated(repository));
    return cipher;
  }
}
