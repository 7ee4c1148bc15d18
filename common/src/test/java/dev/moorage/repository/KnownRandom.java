package dev.moorage.repository;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/** Random bytes that a seed decides, the same on every machine and for ever: SHA-256 of the seed and a counter. Not secure. */
public final class KnownRandom extends SecureRandom {

  private final byte[] seed;
  private long counter;
  private ByteBuffer left = ByteBuffer.allocate(0);

  public KnownRandom(String seed) {
    this.seed = seed.getBytes(UTF_8);
  }

  @Override
  public synchronized void nextBytes(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (!left.hasRemaining()) {
        left = ByteBuffer.wrap(next());
      }
      bytes[i] = left.get();
    }
  }

  private byte[] next() {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(seed);
      return sha.digest(ByteBuffer.allocate(Long.BYTES).putLong(counter++).array());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
