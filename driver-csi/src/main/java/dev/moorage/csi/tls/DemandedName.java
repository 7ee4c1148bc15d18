package dev.moorage.csi.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts whoever shows a certificate of the newest authorities, in force, for the side that it is on, and with the one name that is
 * demanded.
 */
final class DemandedName extends X509ExtendedTrustManager {

  private static final int DNS_NAME = 2;

  private final LiveCredentials live;
  private final String name;

  DemandedName(LiveCredentials live, String name) {
    this.live = live;
    this.name = name;
  }

  /** By what Java checks of a chain: signatures, validity, and what its key may be used for. */
  private X509ExtendedTrustManager delegate() throws CertificateException {
    try {
      List<X509Certificate> trusted = live.current().orElseThrow(LiveCredentials::absent).trusted();
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (int i = 0; i < trusted.size(); i++) {
        store.setCertificateEntry(Integer.toString(i), trusted.get(i));
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      for (TrustManager each : factory.getTrustManagers()) {
        if (each instanceof X509ExtendedTrustManager manager) {
          return manager;
        }
      }
      throw new CertificateException("Java has no PKIX");
    } catch (GeneralSecurityException | IOException e) {
      throw e instanceof CertificateException known ? known : new CertificateException(e.getMessage(), e);
    }
  }

  private void demandName(X509Certificate[] chain) throws CertificateException {
    if (!hasName(chain[0])) {
      throw new CertificateException("the certificate of " + chain[0].getSubjectX500Principal() + " has not the name " + name);
    }
  }

  private boolean hasName(X509Certificate certificate) throws CertificateParsingException {
    Collection<List<?>> names = Optional.ofNullable(certificate.getSubjectAlternativeNames()).orElse(List.of());
    return names.stream().anyMatch(each -> each.getFirst().equals(DNS_NAME) && each.getLast().equals(name));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
    delegate().checkClientTrusted(chain, type, engine);
    demandName(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
    delegate().checkServerTrusted(chain, type, engine);
    demandName(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
    delegate().checkClientTrusted(chain, type, socket);
    demandName(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
    delegate().checkServerTrusted(chain, type, socket);
    demandName(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    delegate().checkClientTrusted(chain, type);
    demandName(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    delegate().checkServerTrusted(chain, type);
    demandName(chain);
  }

  /** None are named, so that clients show what they have. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
