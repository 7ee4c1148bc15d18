package dev.moorage.testkit.simulation;

import java.security.SecureRandom;
import java.security.SecureRandomSpi;
import java.util.List;
import java.util.SplittableRandom;

/** All chance of one schedule; the same seed gives the same. */
final class Dice {

  private final SplittableRandom random;

  Dice(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** A number from 0 to {@code bound} - 1. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** True with that probability. */
  boolean chance(double probability) {
    return probability > 0 && random.nextDouble() < probability;
  }

  <T> T of(List<T> choices) {
    return choices.get(below(choices.size()));
  }

  double of(double... choices) {
    return choices[below(choices.length)];
  }

  long bits() {
    return random.nextLong();
  }

  /** A source of ids for the product. */
  SecureRandom ids() {
    return new Ids(new Bits(random.split()));
  }

  private static final class Ids extends SecureRandom {
    private Ids(Bits bits) {
      super(bits, null);
    }
  }

  private static final class Bits extends SecureRandomSpi {

    private final transient SplittableRandom random;

    private Bits(SplittableRandom random) {
      this.random = random;
    }

    @Override
    protected void engineSetSeed(byte[] seed) {
      // The schedule's seed decides, and nothing else.
    }

    @Override
    protected void engineNextBytes(byte[] bytes) {
      random.nextBytes(bytes);
    }

    @Override
    protected byte[] engineGenerateSeed(int count) {
      return new byte[count];
    }
  }
}
