package dev.moorage.csi.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Certificates for tests: a whole authority with what it issues, made when the test runs. */
public final class TestCertificates {

  private static final Duration HOUR = Duration.ofHours(1);

  private final Instant now = Clock.systemUTC().instant();

  /** Its own authority. */
  public final Issuer authority;

  public TestCertificates() {
    authority = Issuer.authority(now.minus(HOUR), now.plus(HOUR));
  }

  /** What nodes show. */
  public Issuer node() {
    return authority.issue(LiveCredentials.NODE, Issuer.Side.SERVER, now.minus(HOUR), now.plus(HOUR));
  }

  /** What the router shows. */
  public Issuer controller() {
    return authority.issue(LiveCredentials.CONTROLLER, Issuer.Side.CLIENT, now.minus(HOUR), now.plus(HOUR));
  }

  /** What the router showed long ago. */
  public Issuer expired() {
    return authority.issue(LiveCredentials.CONTROLLER, Issuer.Side.CLIENT, now.minus(HOUR), now.minusSeconds(1));
  }

  /** What is not in force yet. */
  public Issuer early() {
    return authority.issue(LiveCredentials.CONTROLLER, Issuer.Side.CLIENT, now.plusSeconds(600), now.plus(HOUR));
  }

  /** Credentials that show the certificate and trust this authority. */
  public LiveCredentials live(Issuer shown) throws GeneralSecurityException {
    LiveCredentials live = new LiveCredentials();
    live.replace(credentials(shown));
    return live;
  }

  Credentials credentials(Issuer shown) throws GeneralSecurityException {
    return Credentials.read(authority.certificatePem(), shown.certificatePem(), shown.keyPem());
  }

  /** As the kubelet would, but one after the other. */
  public void write(Path directory, Issuer shown) throws IOException {
    Files.write(directory.resolve(Credentials.AUTHORITY), authority.certificatePem());
    Files.write(directory.resolve(Credentials.CERTIFICATE), shown.certificatePem());
    Files.write(directory.resolve(Credentials.KEY), shown.keyPem());
  }
}
