package dev.moorage.objectstore.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.StoreLocation;
import dev.moorage.objectstore.s3.CannedServer.Answer;
import dev.moorage.process.Command;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Goal: a store with a certificate of its own is trusted when it is told so, and under its own name only. */
class S3TlsTest {

  private static final ObjectKey KEY = new ObjectKey("key");
  private static final String PASSWORD = "changeit";

  @TempDir
  private Path directory;

  @Test
  void aCertificateOfItsOwnIsTrustedWhenItIsNamed() throws Exception {
    try (CannedServer server = CannedServer.secure(context("ip:127.0.0.1"))) {
      server.answer(Answer.stored("\"a\""));
      try (ObjectStore store = new S3Stores().open(location(server, Map.of("ca-file", directory.resolve("ca.pem").toString())))) {
        assertThat(store.putIfAbsent(KEY, Content.of(new byte[10]))).isPresent();
      }
      assertThat(server.questions()).hasSize(1);
    }
  }

  @Test
  void aStrangersCertificateIsNotTrusted() throws Exception {
    try (CannedServer server = CannedServer.secure(context("ip:127.0.0.1")); ObjectStore store = new S3Stores().open(location(server, Map.of()))) {
      assertThatThrownBy(() -> store.putIfAbsent(KEY, Content.of(new byte[10]))).isInstanceOf(ObjectStoreException.Unavailable.class)
          .hasMessageContaining("no secure connection").hasMessageContaining("ca-file");
      assertThat(server.questions()).isEmpty();
    }
  }

  @Test
  void aCertificateForAnotherNameIsNotTrusted() throws Exception {
    try (CannedServer server = CannedServer.secure(context("dns:elsewhere"));
        ObjectStore store = new S3Stores().open(location(server, Map.of("ca-file", directory.resolve("ca.pem").toString())))) {
      assertThatThrownBy(() -> store.head(KEY)).isInstanceOf(ObjectStoreException.Unavailable.class)
          .hasMessageContaining("no secure connection");
      assertThat(server.questions()).isEmpty();
    }
  }

  @Test
  void aCertificateThatIsNotValidNowMakesOneLookAtTheClock() throws Exception {
    try (CannedServer server = CannedServer.secure(expired());
        ObjectStore store = new S3Stores().open(location(server, Map.of("ca-file", directory.resolve("ca.pem").toString())))) {
      assertThatThrownBy(() -> store.head(KEY)).isInstanceOf(ObjectStoreException.Unavailable.class)
          .hasMessageContaining("certificate is not valid at ").hasMessageContaining("the time of this host")
          .hasMessageContaining("Check the clock of this host");
    }
  }

  /** A certificate of last week, of an authority in ca.pem that is valid still: whom one trusts himself is not asked for dates. */
  private SSLContext expired() throws Exception {
    context("ip:127.0.0.1");
    Path request = directory.resolve("request.pem");
    keytool("-genkeypair", "-alias", "late", "-keyalg", "EC", "-dname", "CN=late");
    keytool("-certreq", "-alias", "late", "-file", request.toString());
    keytool("-gencert", "-alias", "server", "-infile", request.toString(), "-outfile", directory.resolve("late.pem").toString(), "-rfc",
        "-ext", "SAN=ip:127.0.0.1", "-startdate", "-7d", "-validity", "1");
    keytool("-importcert", "-noprompt", "-alias", "late", "-file", directory.resolve("late.pem").toString());
    keytool("-delete", "-alias", "server");
    return context();
  }

  private void keytool(String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/keytool").toString()));
    all.addAll(List.of(words));
    all.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", directory.resolve("keys.p12").toString()));
    Command.of(all.toArray(String[]::new)).run();
  }

  private StoreLocation location(CannedServer server, Map<String, String> more) throws Exception {
    Path credentials = Files.writeString(directory.resolve("credentials"),
        "[default]\naws_access_key_id = KEYID\naws_secret_access_key = hunter2\n");
    Map<String, String> options = new HashMap<>(more);
    options.put("endpoint", server.endpoint().toString());
    options.put("credentials-file", credentials.toString());
    return StoreLocation.of("s3://bucket", options);
  }

  /** Makes a key with a certificate for that name, and leaves the certificate in ca.pem. */
  private SSLContext context(String name) throws Exception {
    keytool("-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=test", "-ext", "SAN=" + name, "-ext", "BC=ca:true");
    keytool("-exportcert", "-rfc", "-alias", "server", "-file", directory.resolve("ca.pem").toString());
    return context();
  }

  private SSLContext context() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(directory.resolve("keys.p12"))) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }
}
