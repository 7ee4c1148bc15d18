package dev.moorage.csi.kubernetes;

import dev.moorage.csi.tls.Credentials;
import dev.moorage.csi.tls.Issuer;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The authority of the cluster's certificates, and the one that takes its place. The new one is made when two thirds of the old one's
 * time are over; from then on everybody trusts both; it signs a day later, when everybody has heard of it. So no connection is refused at
 * any moment of the change.
 *
 * @param current signs
 * @param next will sign
 * @param trusted those that are trusted: both, and older ones while they are in force
 */
record AuthorityState(Issuer current, Optional<Issuer> next, List<X509Certificate> trusted) {

  static final String NEXT_CERTIFICATE = "next.crt";
  static final String NEXT_KEY = "next.key";

  AuthorityState {
    trusted = List.copyOf(trusted);
  }

  /**
   * How long things are in force.
   *
   * @param settle how long it may take until everybody trusts a new authority
   */
  record Lifetimes(Duration authority, Duration leaf, Duration settle) {

    static final Lifetimes DEFAULT = new Lifetimes(Duration.ofDays(1825), Duration.ofDays(90), Duration.ofDays(1));

    /** Clocks of machines differ. */
    static final Duration SKEW = Duration.ofMinutes(10);

    /** Whether two thirds of its time are over. */
    static boolean isOld(X509Certificate certificate, Instant now) {
      Instant from = certificate.getNotBefore().toInstant();
      Duration life = Duration.between(from, certificate.getNotAfter().toInstant());
      return now.isAfter(from.plus(life.multipliedBy(2).dividedBy(3)));
    }
  }

  static AuthorityState create(Lifetimes lifetimes, Instant now) {
    Issuer first = authority(lifetimes, now);
    return new AuthorityState(first, Optional.empty(), List.of(first.certificate()));
  }

  private static Issuer authority(Lifetimes lifetimes, Instant now) {
    return Issuer.authority(now.minus(Lifetimes.SKEW), now.plus(lifetimes.authority()));
  }

  /** From the contents of a Secret. */
  static AuthorityState read(Map<String, byte[]> data) throws GeneralSecurityException {
    Issuer current = issuer(need(data, Credentials.CERTIFICATE), need(data, Credentials.KEY));
    byte[] nextCertificate = data.get(NEXT_CERTIFICATE);
    byte[] nextKey = data.get(NEXT_KEY);
    Optional<Issuer> next = nextCertificate == null || nextKey == null ? Optional.empty() : Optional.of(issuer(nextCertificate, nextKey));
    byte[] bundle = data.get(Credentials.AUTHORITY);
    return new AuthorityState(current, next,
        bundle == null ? List.of(current.certificate()) : Credentials.certificates(Credentials.AUTHORITY, bundle));
  }

  private static byte[] need(Map<String, byte[]> data, String name) throws GeneralSecurityException {
    byte[] value = data.get(name);
    if (value == null) {
      throw new GeneralSecurityException("it has no " + name);
    }
    return value;
  }

  private static Issuer issuer(byte[] certificate, byte[] key) throws GeneralSecurityException {
    return new Issuer(Credentials.certificates(Credentials.CERTIFICATE, certificate).getFirst(), Credentials.key(key));
  }

  /** The contents of its Secret. */
  Map<String, byte[]> data() {
    Map<String, byte[]> data = new HashMap<>(Map.of(Credentials.CERTIFICATE, current.certificatePem(), Credentials.KEY, current.keyPem(),
        Credentials.AUTHORITY, Issuer.pem(trusted)));
    next.ifPresent(each -> {
      data.put(NEXT_CERTIFICATE, each.certificatePem());
      data.put(NEXT_KEY, each.keyPem());
    });
    return data;
  }

  /** As it should be now; equal to this one when nothing is to be done. */
  AuthorityState at(Lifetimes lifetimes, Instant now) {
    if (now.isAfter(current.certificate().getNotAfter().toInstant())) {
      return next.map(each -> new AuthorityState(each, Optional.empty(), List.of(each.certificate()))).orElseGet(() -> create(lifetimes, now));
    }
    if (next.isEmpty() && Lifetimes.isOld(current.certificate(), now)) {
      Issuer made = authority(lifetimes, now);
      return new AuthorityState(current, Optional.of(made), with(made.certificate(), now));
    }
    if (next.isPresent() && now.isAfter(next.get().certificate().getNotBefore().toInstant().plus(Lifetimes.SKEW).plus(lifetimes.settle()))) {
      return new AuthorityState(next.get(), Optional.empty(), with(next.get().certificate(), now));
    }
    return this;
  }

  private List<X509Certificate> with(X509Certificate first, Instant now) {
    List<X509Certificate> all = new ArrayList<>(List.of(first));
    trusted.stream().filter(each -> !each.equals(first) && now.isBefore(each.getNotAfter().toInstant())).forEach(all::add);
    return all;
  }

  /** Whether what was issued has to be issued anew: it is old, or not by whoever signs now. */
  boolean outdates(X509Certificate issued, Instant now) {
    try {
      issued.verify(current.certificate().getPublicKey());
      return Lifetimes.isOld(issued, now);
    } catch (GeneralSecurityException e) {
      return true;
    }
  }
}
