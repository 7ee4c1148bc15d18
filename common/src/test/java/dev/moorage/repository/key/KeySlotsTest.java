package dev.moorage.repository.key;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.repository.Flips;
import dev.moorage.repository.KnownRandom;
import dev.moorage.repository.RepositoryId;
import dev.moorage.repository.UnreadableException;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class KeySlotsTest {

  private static final Instant NOW = Instant.parse("2026-08-23T10:15:30Z");

  /** So that a test does not stretch for half a second; real slots never have so few. */
  private static final Stretching QUICK = new Stretching(Stretching.PBKDF2, 10);

  private final SecureRandom random = new KnownRandom("slots");
  private final RepositoryId repository = RepositoryId.random(random);
  private final KeyRing ring = KeyRing.create(repository, random);

  private KeySlot wrap(KeyRing content, UnlockSecret secret) {
    Stretching stretching = secret.kind() == SlotKind.PASSPHRASE ? QUICK : Stretching.of(secret.kind());
    return KeySlots.wrap(content, secret, stretching, "mine", NOW, random);
  }

  private KeyRing unlock(List<KeySlot> slots, UnlockSecret secret) throws UnreadableException {
    return KeySlots.unlock(repository, slots, secret).ring();
  }

  @Test
  void everyKindOfSecretOpensItsSlot() throws UnreadableException {
    List<UnlockSecret> secrets = List.of(
        new Passphrase("correct horse"), new KeyFile(KeyFile.generate(random)), RecoveryKey.generate(random));
    List<KeySlot> slots = secrets.stream().map(secret -> wrap(ring, secret)).toList();
    for (UnlockSecret secret : secrets) {
      assertThat(unlock(slots, secret).sameAs(ring)).isTrue();
    }
  }

  @Test
  void aSlotSurvivesItsBytes() throws UnreadableException {
    KeySlot slot = wrap(ring, new Passphrase("correct horse"));
    assertThat(KeySlot.parse(slot.key(), slot.toBytes())).isEqualTo(slot);
  }

  @Test
  void theSlotOfAPassphraseIsStretchedAsTheFormatDemands() throws UnreadableException {
    KeySlot slot = KeySlots.wrap(ring, new Passphrase("correct horse"), "mine", NOW, random);
    assertThat(slot.stretching()).isEqualTo(new Stretching("pbkdf2-hmac-sha512", 600_000));
    assertThat(unlock(List.of(slot), new Passphrase("correct horse")).sameAs(ring)).isTrue();
  }

  @Test
  void aWrongSecretSaysSoAndNamesTheSlotsThereAre() {
    List<KeySlot> slots = List.of(wrap(ring, new Passphrase("right")), wrap(ring, new KeyFile(new byte[32])));
    assertThatThrownBy(() -> unlock(slots, new Passphrase("wrong"))).isInstanceOf(UnreadableException.WrongKey.class)
        .hasMessage("repository " + repository + " is not opened by this passphrase. Its key slots are: keyfile mine, passphrase mine");
    assertThatThrownBy(() -> unlock(slots, RecoveryKey.generate(random))).isInstanceOf(UnreadableException.WrongKey.class);
    assertThatThrownBy(() -> unlock(List.of(), new Passphrase("any"))).hasMessageEndingWith("are: none");
  }

  @Test
  void theSlotOfAnotherRepositoryDoesNotOpen() {
    KeyFile file = new KeyFile(new byte[32]);
    KeySlot slot = wrap(KeyRing.create(RepositoryId.random(random), random), file);
    assertThatThrownBy(() -> unlock(List.of(slot), file)).isInstanceOf(UnreadableException.WrongKey.class);
  }

  @Test
  void afterARotationTheNewestRingIsTheOneAndReadsTheOld() throws UnreadableException {
    KeyFile file = new KeyFile(new byte[32]);
    KeyFile leftOut = new KeyFile(new byte[33]);
    KeyRing rotated = ring.rotated(random);
    List<KeySlot> slots = List.of(wrap(ring, file), wrap(rotated, file), wrap(ring, leftOut));
    assertThat(unlock(slots, file).epoch()).isEqualTo(2);
    assertThat(unlock(slots, leftOut).epoch()).isEqualTo(1);
    assertThat(rotated.idKey()).isEqualTo(ring.idKey());
    byte[] salt = new byte[32];
    assertThat(rotated.derive(1, salt, "a")).isEqualTo(ring.derive(1, salt, "a")).isNotEqualTo(rotated.derive(2, salt, "a"));
    assertThatThrownBy(() -> ring.derive(2, salt, "a")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyFlippedBitOfASlotIsFound() throws IOException {
    KeyFile file = new KeyFile(new byte[32]);
    KeySlot slot = wrap(ring, file);
    byte[] content = slot.toBytes();
    Flips.Reading reading = bytes -> {
      KeySlot read = KeySlot.parse(slot.key(), bytes);
      unlock(List.of(read), file);
      // What is no field may change: blanks, and the names of fields that nobody asks for.
      if (read.equals(slot) && !new String(bytes, UTF_8).equals(new String(content, UTF_8))) {
        throw new UnreadableException.Damaged(slot.key(), "has other blanks");
      }
    };
    Flips.everyFlippedBitIsFound(content, reading);
  }

  @Test
  void aSlotOfANewerMoorageIsNotGuessedAt() {
    KeySlot slot = wrap(ring, new KeyFile(new byte[32]));
    byte[] newer = new String(slot.toBytes(), UTF_8).replace("\"format\": 1", "\"format\": 2").getBytes(UTF_8);
    assertThatThrownBy(() -> KeySlot.parse(slot.key(), newer)).isInstanceOf(UnreadableException.Newer.class)
        .hasMessageStartingWith(slot.key());
    assertThatThrownBy(() -> KeySlot.parse("keys/" + "0".repeat(32), slot.toBytes())).hasMessageContaining("in a wrong place");
  }

  @Test
  void nothingSecretIsInATextForm() {
    assertThat(ring).hasToString("key ring of repository " + repository + " with epochs [1]");
    assertThat(new Passphrase("correct horse").toString() + new KeyFile(new byte[32])).doesNotContain("horse", "[B");
  }

  @Test
  void aPassphraseFileIsOneLine() {
    byte[] salt = new byte[32];
    byte[] expected = new Passphrase("Ünder way").stretched(QUICK, salt);
    assertThat(Passphrase.ofFile("U\u0308nder way\r\n".getBytes(UTF_8)).stretched(QUICK, salt)).isEqualTo(expected);
    assertThatThrownBy(() -> Passphrase.ofFile("\n".getBytes(UTF_8))).hasMessageContaining("empty");
    assertThatThrownBy(() -> Passphrase.ofFile("a\nb\n".getBytes(UTF_8))).hasMessageContaining("more than one line");
    assertThatThrownBy(() -> new KeyFile(new byte[31])).hasMessageContaining("this one has 31");
  }
}
