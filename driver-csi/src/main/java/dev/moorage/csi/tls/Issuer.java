package dev.moorage.csi.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate with its key: an authority's own, which signs others, or one of those. Keys are of the curve P-256.
 *
 * @param certificate what it shows
 * @param key what nobody else has
 */
public record Issuer(X509Certificate certificate, PrivateKey key) {

  private static final int SERIAL_BITS = 120;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

  /** On which side of a connection a certificate may be used; on the other one it is refused. */
  public enum Side {
    SERVER,
    CLIENT;

    private KeyPurposeId purpose() {
      return switch (this) {
        case SERVER -> KeyPurposeId.id_kp_serverAuth;
        case CLIENT -> KeyPurposeId.id_kp_clientAuth;
      };
    }
  }

  /** A new authority, in force between two moments. Its name holds the first one, so that several can be told apart. */
  public static Issuer authority(Instant from, Instant until) {
    KeyPair keys = keys();
    X500Principal name = new X500Principal("CN=Moorage " + from.getEpochSecond() + ",O=csi.moorage.dev");
    try {
      X509v3CertificateBuilder builder = builder(name, name, keys, from, until)
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      return signed(builder, keys, keys.getPrivate());
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
  }

  /** A certificate that is signed by this authority, for one name and one side. */
  public Issuer issue(String name, Side side, Instant from, Instant until) {
    KeyPair keys = keys();
    try {
      X509v3CertificateBuilder builder = builder(certificate.getSubjectX500Principal(), new X500Principal("CN=" + name), keys, from, until)
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
          .addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(side.purpose()))
          .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName(GeneralName.dNSName, name)));
      return signed(builder, keys, key);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
  }

  private static X509v3CertificateBuilder builder(X500Principal issuer, X500Principal subject, KeyPair keys, Instant from, Instant until) {
    return new JcaX509v3CertificateBuilder(issuer, new BigInteger(SERIAL_BITS, RANDOM).add(BigInteger.ONE), Date.from(from),
        Date.from(until), subject, keys.getPublic());
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has P-256", e);
    }
  }

  private static Issuer signed(X509v3CertificateBuilder builder, KeyPair keys, PrivateKey signer) {
    try {
      return new Issuer(new JcaX509CertificateConverter().getCertificate(
          builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer))), keys.getPrivate());
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("every Java signs by ECDSA", e);
    }
  }

  /** What {@link Credentials#CERTIFICATE} holds. */
  public byte[] certificatePem() {
    return pem(List.of(certificate));
  }

  /** What {@link Credentials#KEY} holds. */
  public byte[] keyPem() {
    return pem("PRIVATE KEY", key.getEncoded());
  }

  /** What {@link Credentials#AUTHORITY} holds. */
  public static byte[] pem(List<X509Certificate> certificates) {
    StringBuilder all = new StringBuilder();
    try {
      for (X509Certificate each : certificates) {
        all.append(new String(pem("CERTIFICATE", each.getEncoded()), StandardCharsets.US_ASCII));
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that was read can be written", e);
    }
    return all.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] pem(String what, byte[] bytes) {
    return ("-----BEGIN " + what + "-----\n" + LINES.encodeToString(bytes) + "\n-----END " + what + "-----\n")
        .getBytes(StandardCharsets.US_ASCII);
  }
}
