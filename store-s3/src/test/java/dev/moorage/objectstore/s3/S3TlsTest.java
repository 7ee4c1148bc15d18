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
import java.util.HashMap;
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
    Path keys = directory.resolve("keys.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin/keytool").toString();
    Command.of(keytool, "-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=test", "-ext", "SAN=" + name,
        "-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", keys.toString()).run();
    Command.of(keytool, "-exportcert", "-rfc", "-alias", "server", "-storepass", PASSWORD, "-keystore", keys.toString(),
        "-file", directory.resolve("ca.pem").toString()).run();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }
}
