package dev.moorage.csi.tls;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one side of a connection has: whom it trusts, and what it shows. In the form of a Secret of type kubernetes.io/tls: the files
 * ca.crt, tls.crt and tls.key.
 *
 * @param trusted certificates of authorities; several while one takes the place of another
 * @param chain what is shown, its own certificate first
 */
public record Credentials(List<X509Certificate> trusted, List<X509Certificate> chain, PrivateKey key) {

  public static final String AUTHORITY = "ca.crt";
  public static final String CERTIFICATE = "tls.crt";
  public static final String KEY = "tls.key";

  private static final Pattern PKCS8 = Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  public Credentials {
    trusted = List.copyOf(trusted);
    chain = List.copyOf(chain);
  }

  /**
   * Reads PEM texts.
   *
   * @throws GeneralSecurityException when one is damaged, or when the key is not that of the certificate, as while files are being replaced
   */
  public static Credentials read(byte[] authority, byte[] certificate, byte[] key) throws GeneralSecurityException {
    Credentials read = new Credentials(certificates(AUTHORITY, authority), certificates(CERTIFICATE, certificate), key(key));
    read.demandPair();
    return read;
  }

  /** All certificates of a PEM text; at least one. */
  public static List<X509Certificate> certificates(String name, byte[] pem) throws GeneralSecurityException {
    List<X509Certificate> all = CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)).stream()
        .map(X509Certificate.class::cast).toList();
    if (all.isEmpty()) {
      throw new GeneralSecurityException(name + " holds no certificate");
    }
    return all;
  }

  /** The private key of a PEM text. */
  public static PrivateKey key(byte[] pem) throws GeneralSecurityException {
    Matcher text = PKCS8.matcher(new String(pem, StandardCharsets.US_ASCII));
    if (!text.find()) {
      throw new GeneralSecurityException(KEY + " holds no key in the form of PKCS#8 (of cert-manager, ask for privateKey.encoding: PKCS8)");
    }
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(text.group(1)));
    GeneralSecurityException failure = new NoSuchAlgorithmException(KEY + " is neither of EC, RSA nor EdDSA");
    for (String algorithm : List.of("EC", "RSA", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException another) {
        failure.addSuppressed(another);
      }
    }
    throw failure;
  }

  private void demandPair() throws GeneralSecurityException {
    PublicKey shown = chain.getFirst().getPublicKey();
    Signature signature = Signature.getInstance(switch (key.getAlgorithm()) {
      case "EC" -> "SHA256withECDSA";
      case "RSA" -> "SHA256withRSA";
      default -> "EdDSA";
    });
    byte[] text = {1};
    signature.initSign(key);
    signature.update(text);
    byte[] signed = signature.sign();
    signature.initVerify(shown);
    signature.update(text);
    if (!signature.verify(signed)) {
      throw new GeneralSecurityException(KEY + " is not the key of " + CERTIFICATE);
    }
  }
}
