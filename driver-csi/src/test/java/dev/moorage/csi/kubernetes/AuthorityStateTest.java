package dev.moorage.csi.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.csi.kubernetes.AuthorityState.Lifetimes;
import dev.moorage.csi.tls.Issuer;
import dev.moorage.csi.tls.LiveCredentials;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Goal: everybody always trusts whoever signs. Method: years of renewals, a step at a time, with one side always a day behind. */
final class AuthorityStateTest {

  private static final Lifetimes TIMES = new Lifetimes(Duration.ofDays(300), Duration.ofDays(30), Duration.ofDays(1));
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void nothingIsDoneWhileNothingIsOld() {
    AuthorityState state = AuthorityState.create(TIMES, BEGIN);
    assertThat(state.at(TIMES, BEGIN.plus(Duration.ofDays(199)))).isSameAs(state);
    assertThat(state.trusted()).containsExactly(state.current().certificate());
  }

  @Test
  void whatIsWrittenIsReadAgain() throws Exception {
    AuthorityState state = AuthorityState.create(TIMES, BEGIN).at(TIMES, BEGIN.plus(Duration.ofDays(201)));
    assertThat(state.next()).isPresent();
    assertThat(AuthorityState.read(state.data())).isEqualTo(state);
  }

  @Test
  void theOldOneSignsUntilEverybodyTrustsTheNewOne() throws Exception {
    AuthorityState state = AuthorityState.create(TIMES, BEGIN);
    Issuer leaf = leaf(state, BEGIN);
    AuthorityState yesterday = state;
    Set<X509Certificate> signers = new HashSet<>();
    for (Instant now = BEGIN; now.isBefore(BEGIN.plus(Duration.ofDays(2000))); now = now.plus(Duration.ofHours(12))) {
      AuthorityState before = state;
      state = AuthorityState.read(state.at(TIMES, now).data());
      if (state.outdates(leaf.certificate(), now)) {
        leaf = leaf(state, now);
      }
      signers.add(state.current().certificate());
      leaf.certificate().checkValidity(Date.from(now));
      assertThat(isTrusted(leaf.certificate(), state.trusted())).as("today, at " + now).isTrue();
      assertThat(isTrusted(leaf.certificate(), yesterday.trusted())).as("by whoever is a step behind, at " + now).isTrue();
      assertThat(state.trusted()).hasSizeLessThanOrEqualTo(3);
      yesterday = before;
    }
    assertThat(signers).hasSizeGreaterThan(7);
  }

  @Test
  void afterAVeryLongSleepItBeginsAnew() {
    AuthorityState state = AuthorityState.create(TIMES, BEGIN);
    AuthorityState woken = state.at(TIMES, BEGIN.plus(Duration.ofDays(400)));
    assertThat(woken.current()).isNotEqualTo(state.current());
    assertThat(woken.trusted()).containsExactly(woken.current().certificate());
    assertThat(woken.outdates(leaf(state, BEGIN).certificate(), BEGIN)).isTrue();
  }

  private static Issuer leaf(AuthorityState state, Instant now) {
    return state.current().issue(LiveCredentials.NODE, Issuer.Side.SERVER, now.minus(Lifetimes.SKEW), now.plus(TIMES.leaf()));
  }

  private static boolean isTrusted(X509Certificate certificate, List<X509Certificate> authorities) {
    return authorities.stream().anyMatch(each -> {
      try {
        certificate.verify(each.getPublicKey());
        return true;
      } catch (GeneralSecurityException e) {
        return false;
      }
    });
  }
}
