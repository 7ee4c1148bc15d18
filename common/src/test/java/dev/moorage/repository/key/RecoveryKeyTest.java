package dev.moorage.repository.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.repository.KnownRandom;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class RecoveryKeyTest {

  private static final Stretching PLAIN = new Stretching(Stretching.NONE, 0);

  private final KnownRandom random = new KnownRandom("recovery");

  private static byte[] secret(RecoveryKey key) {
    return key.stretched(PLAIN, new byte[0]);
  }

  @Test
  void itIsNineGroupsOfFour() {
    assertThat(RecoveryKey.generate(random).words()).matches("([0-9A-HJKMNP-TV-Z]{4}-){8}[0-9A-HJKMNP-TV-Z]{4}");
  }

  @Test
  void whatIsShownCanBeTypedInManyWays() {
    for (int i = 0; i < 200; i++) {
      RecoveryKey key = RecoveryKey.generate(random);
      String words = key.words();
      assertThat(secret(RecoveryKey.parse(words))).isEqualTo(secret(key));
      String sloppy = words.toLowerCase(Locale.ROOT).replace("-", " ").replace('0', 'o').replace('1', 'l') + "\n";
      assertThat(secret(RecoveryKey.parse(sloppy))).isEqualTo(secret(key));
    }
  }

  @Test
  void aMisreadCharacterIsFound() {
    String words = RecoveryKey.generate(random).words();
    int found = 0;
    for (int i = 0; i < words.length(); i++) {
      char other = words.charAt(i) == 'Z' ? 'Y' : 'Z';
      String wrong = words.substring(0, i) + other + words.substring(i + 1);
      if (words.charAt(i) != '-') {
        assertThatThrownBy(() -> RecoveryKey.parse(wrong)).hasMessageContaining("typing mistake");
        found++;
      }
    }
    assertThat(found).isEqualTo(36);
    String swapped = words.substring(1, 2) + words.charAt(0) + words.substring(2);
    assertThatThrownBy(() -> RecoveryKey.parse(swapped.equals(words) ? words + "0" : swapped))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatIsNoRecoveryKeyIsSaidPlainly() {
    assertThatThrownBy(() -> RecoveryKey.parse("ABCD")).hasMessage("a recovery key has 36 letters and digits, this one has 4");
    assertThatThrownBy(() -> RecoveryKey.parse("*".repeat(36))).hasMessageContaining("does not have the character '*'");
  }
}
