package dev.moorage.repository.key;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.moorage.repository.RepositoryId;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * Every secret of one repository: the id key, and one key per <em>epoch</em>. Nothing is encrypted with an epoch's key itself; each
 * object gets a key of its own, derived by HKDF from the epoch's key, the object's salt and a label that says what kind it is.
 *
 * <p>What is written is written with one epoch, the newest that is in force; what others wrote stays readable. The id key is made once
 * and never changes, or else no block would ever again be found to be stored already. Immutable; safe for several threads; its text
 * form says nothing secret.
 */
public final class KeyRing {

  /** The highest epoch: it has 16 bits wherever it is stored. */
  public static final int EPOCH_MAX = 0xFFFF;

  /** Bytes of {@link #check}. */
  public static final int CHECK_BYTES = 4;

  private static final byte[] CHECK_LABEL = "moorage/1/check".getBytes(US_ASCII);

  private final RepositoryId repository;
  private final byte[] idKey;
  private final NavigableMap<Integer, byte[]> epochs;
  private final int writes;

  /** The ring of these epochs, of which the newest writes. */
  KeyRing(RepositoryId repository, byte[] idKey, Map<Integer, byte[]> epochs) {
    this(repository, idKey, new TreeMap<>(epochs), epochs.keySet().stream().max(Integer::compare).orElseThrow());
  }

  private KeyRing(RepositoryId repository, byte[] idKey, NavigableMap<Integer, byte[]> epochs, int writes) {
    this.repository = repository;
    this.idKey = idKey.clone();
    this.epochs = epochs;
    this.writes = writes;
  }

  /** The first ring of a new repository. */
  public static KeyRing create(RepositoryId repository, SecureRandom random) {
    return new KeyRing(repository, fresh(random), Map.of(1, fresh(random)));
  }

  /**
   * This ring with one more epoch, which is used for everything that is written from the moment when it is in force. Epochs that the
   * ring holds beyond the one that writes never came into force, and are left out.
   *
   * @throws IllegalStateException after 65,535 rotations
   */
  public KeyRing rotated(SecureRandom random) {
    if (writes == EPOCH_MAX) {
      throw new IllegalStateException("the key ring of repository " + repository + " has no epoch left");
    }
    NavigableMap<Integer, byte[]> more = new TreeMap<>(epochs.headMap(writes, true));
    more.put(writes + 1, fresh(random));
    return new KeyRing(repository, idKey, more, writes + 1);
  }

  /**
   * The same ring, which writes with this epoch.
   *
   * @throws IllegalArgumentException when the ring does not have the epoch
   */
  public KeyRing writing(int epoch) {
    if (!has(epoch)) {
      throw noEpoch(epoch);
    }
    return new KeyRing(repository, idKey, epochs, epoch);
  }

  /** This ring without an epoch, of which another key than its own came into force. It writes with the newest that is left. */
  public KeyRing without(int epoch) {
    NavigableMap<Integer, byte[]> less = new TreeMap<>(epochs);
    less.remove(epoch);
    return new KeyRing(repository, idKey, less, less.lastKey());
  }

  /** The repository whose secrets these are. */
  public RepositoryId repository() {
    return repository;
  }

  /** The epoch that writes. */
  public int epoch() {
    return writes;
  }

  /** The newest epoch up to this one, which a ring always has for 1 and above. */
  public int epochUpTo(int epoch) {
    return epochs.floorKey(epoch);
  }

  /** Whether what this epoch wrote can be read. */
  public boolean has(int epoch) {
    return epochs.containsKey(epoch);
  }

  /** The key of HMAC-SHA-256 by which blobs are named. */
  public SecretKey idKey() {
    return new SecretKeySpec(idKey, "HmacSHA256");
  }

  /**
   * The AES-256 key of one object. Two objects have the same key only when epoch, salt and label are the same.
   *
   * @param salt 16 random bytes or more that no other object with this label has
   * @param label what is encrypted, such as {@code moorage/1/pack}
   * @throws IllegalArgumentException when the ring does not have the epoch
   */
  public SecretKey derive(int epoch, byte[] salt, String label) {
    return Hkdf.aesKey(secret(epoch), salt, label.getBytes(US_ASCII));
  }

  /**
   * Some bytes that an object carries in the open so that a wrong key can be told from damaged content. They tell nothing about the
   * keys, and are no proof of anything.
   *
   * @throws IllegalArgumentException when the ring does not have the epoch
   */
  public int check(int epoch, byte[] salt) {
    return ByteBuffer.wrap(Hkdf.bytes(secret(epoch), salt, CHECK_LABEL, CHECK_BYTES)).getInt();
  }

  byte[] idSecret() {
    return idKey;
  }

  NavigableMap<Integer, byte[]> secrets() {
    return epochs;
  }

  private byte[] secret(int epoch) {
    byte[] secret = epochs.get(epoch);
    if (secret == null) {
      throw noEpoch(epoch);
    }
    return secret;
  }

  private IllegalArgumentException noEpoch(int epoch) {
    return new IllegalArgumentException("the key ring of repository " + repository + " has no epoch " + epoch);
  }

  private static byte[] fresh(SecureRandom random) {
    byte[] key = new byte[Hkdf.KEY_BYTES];
    random.nextBytes(key);
    return key;
  }

  /** Whether both hold the same secrets of the same repository. */
  public boolean sameAs(KeyRing other) {
    return Arrays.equals(KeyRingCodec.encode(this), KeyRingCodec.encode(other));
  }

  @Override
  public String toString() {
    return "key ring of repository " + repository + " with epochs " + epochs.keySet();
  }
}
