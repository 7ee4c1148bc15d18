package dev.moorage.repository.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.repository.Flips;
import dev.moorage.repository.KnownRandom;
import dev.moorage.repository.RepositoryId;
import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.key.KeyRing;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SealerTest {

  private static final String KEY = "sessions/00112233445566778899aabbccddeeff";

  private final SecureRandom random = new KnownRandom("sealer");
  private final RepositoryId repository = RepositoryId.random(random);
  private final KeyRing ring = KeyRing.create(repository, random);
  private final Sealer sealer = new Sealer(ring, random);
  private final byte[] text = "{\"who\": \"node7\"}\n".getBytes(UTF_8);

  private byte[] open(byte[] sealed) throws UnreadableException {
    return sealer.open(ObjectKind.SESSION, KEY, sealed);
  }

  @Test
  void whatWasSealedOpensAgain() throws UnreadableException {
    for (int length : List.of(0, 1, 16, 1000, 1 << 20)) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      for (ObjectKind kind : ObjectKind.values()) {
        byte[] sealed = sealer.seal(kind, KEY, bytes);
        assertThat(sealed).hasSize(length + Sealer.OVERHEAD_BYTES);
        assertThat(sealer.open(kind, KEY, sealed)).isEqualTo(bytes);
      }
    }
  }

  @Test
  void theSameTextIsNeverSealedWithTheSameKey() {
    Set<String> salts = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      salts.add(Arrays.toString(Arrays.copyOfRange(sealer.seal(ObjectKind.SESSION, KEY, text), 16, 48)));
    }
    assertThat(salts).hasSize(1000);
  }

  @Test
  void everyFlippedBitAndEveryCutIsFound() throws IOException {
    byte[] sealed = sealer.seal(ObjectKind.SESSION, KEY, text);
    Flips.everyFlippedBitIsFound(sealed, this::open);
    Flips.everyOtherLengthIsFound(sealed, this::open);
  }

  @Test
  void anObjectOpensOnlyAtItsOwnKeyAndAsItsOwnKind() {
    byte[] sealed = sealer.seal(ObjectKind.SESSION, KEY, text);
    assertThatThrownBy(() -> sealer.open(ObjectKind.SESSION, KEY + ".ended", sealed))
        .isInstanceOf(UnreadableException.Damaged.class).hasMessageContaining("is another object");
    assertThatThrownBy(() -> sealer.open(ObjectKind.ENTRY, KEY, sealed))
        .isInstanceOf(UnreadableException.Damaged.class).hasMessageContaining("another kind of object");
  }

  @Test
  void theKindIsPartOfTheKeyNotOnlyOfTheHeader() {
    byte[] sealed = sealer.seal(ObjectKind.SESSION, KEY, text);
    sealed[5] = (byte) ObjectKind.ENTRY.code();
    assertThatThrownBy(() -> sealer.open(ObjectKind.ENTRY, KEY, sealed)).isInstanceOf(UnreadableException.Damaged.class);
  }

  @Test
  void anotherRepositoryIsAWrongKey() {
    byte[] sealed = sealer.seal(ObjectKind.SESSION, KEY, text);
    Sealer other = new Sealer(KeyRing.create(RepositoryId.random(random), random), random);
    assertThatThrownBy(() -> other.open(ObjectKind.SESSION, KEY, sealed)).isInstanceOf(UnreadableException.WrongKey.class)
        .hasMessageStartingWith(KEY + " was sealed with another key");
  }

  @Test
  void anEpochThatTheRingDoesNotHaveSaysThatKeysWereRotated() throws UnreadableException {
    Sealer rotated = new Sealer(ring.rotated(random), random);
    byte[] sealed = rotated.seal(ObjectKind.SESSION, KEY, text);
    assertThatThrownBy(() -> open(sealed)).isInstanceOf(UnreadableException.WrongKey.class).hasMessageContaining("key epoch 2");
    assertThat(rotated.open(ObjectKind.SESSION, KEY, sealer.seal(ObjectKind.SESSION, KEY, text))).isEqualTo(text);
  }

  @Test
  void whatIsNewerForeignOrCutIsToldApart() {
    byte[] sealed = sealer.seal(ObjectKind.SESSION, KEY, text);
    byte[] newer = sealed.clone();
    newer[4] = 2;
    assertThatThrownBy(() -> open(newer)).isInstanceOf(UnreadableException.Newer.class).hasMessageContaining("has format 2");
    assertThatThrownBy(() -> open(new byte[100])).isInstanceOf(UnreadableException.Foreign.class);
    assertThatThrownBy(() -> open(Arrays.copyOf(sealed, 70))).isInstanceOf(UnreadableException.Truncated.class)
        .hasMessage(KEY + " is cut short: it has 70 bytes and needs at least 81");
    assertThatThrownBy(() -> open(new byte[0])).isInstanceOf(UnreadableException.Truncated.class);
  }
}
