package dev.moorage.csi.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.csi.kubernetes.AuthorityState.Lifetimes;
import dev.moorage.csi.tls.Credentials;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Goal: certificates are there, are renewed in time, and those of others are left alone. Method: a real API, and a clock that is set. */
@Tag("cluster")
final class CertificateTenderTest {

  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  @SuppressWarnings("NullAway.Init")
  private static ApiServer server;
  @SuppressWarnings("NullAway.Init")
  private static KubernetesClient client;

  @BeforeAll
  static void open() throws Exception {
    server = new ApiServer();
    client = server.client(ApiServer.ADMIN);
  }

  @AfterAll
  static void close() throws Exception {
    client.close();
    server.close();
  }

  private static String namespace(String name) {
    client.resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build()).create();
    return name;
  }

  private static void tend(String namespace, Duration later) throws Exception {
    new CertificateTender(client, namespace, Lifetimes.DEFAULT, Clock.fixed(BEGIN.plus(later), ZoneOffset.UTC)).tend();
  }

  private static Secret secret(String namespace, String name) {
    return client.secrets().inNamespace(namespace).withName(name).get();
  }

  private static Credentials credentials(String namespace, String name) throws Exception {
    Map<String, byte[]> data = CertificateTender.data(secret(namespace, name));
    byte[] none = {};
    return Credentials.read(data.getOrDefault(Credentials.AUTHORITY, none), data.getOrDefault(Credentials.CERTIFICATE, none),
        data.getOrDefault(Credentials.KEY, none));
  }

  @Test
  void theyAreMadeOnceAndRenewedWhenTwoThirdsOfTheirTimeAreOver() throws Exception {
    String namespace = namespace("made");
    tend(namespace, Duration.ZERO);
    Credentials node = credentials(namespace, CertificateTender.NODE);
    assertThat(node.chain().getFirst().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(credentials(namespace, CertificateTender.CONTROLLER).chain().getFirst().getExtendedKeyUsage())
        .containsExactly("1.3.6.1.5.5.7.3.2");
    assertThat(secret(namespace, CertificateTender.NODE).getType()).isEqualTo("kubernetes.io/tls");
    String version = secret(namespace, CertificateTender.NODE).getMetadata().getResourceVersion();
    tend(namespace, Duration.ofDays(59));
    assertThat(secret(namespace, CertificateTender.NODE).getMetadata().getResourceVersion()).as("nothing is written in vain").isEqualTo(version);
    tend(namespace, Duration.ofDays(61));
    Credentials renewed = credentials(namespace, CertificateTender.NODE);
    assertThat(renewed.chain()).isNotEqualTo(node.chain());
    assertThat(renewed.trusted()).isEqualTo(node.trusted());
    // The authority is two thirds old: everybody trusts two, and the old one signs until a day later.
    tend(namespace, Duration.ofDays(1220));
    Credentials both = credentials(namespace, CertificateTender.NODE);
    assertThat(both.trusted()).hasSize(2).contains(node.trusted().getFirst());
    assertThat(both.chain().getFirst().getIssuerX500Principal()).isEqualTo(node.trusted().getFirst().getSubjectX500Principal());
    tend(namespace, Duration.ofDays(1222));
    Credentials next = credentials(namespace, CertificateTender.NODE);
    assertThat(next.trusted()).hasSize(2);
    assertThat(next.chain().getFirst().getIssuerX500Principal()).isNotEqualTo(node.trusted().getFirst().getSubjectX500Principal());
  }

  @Test
  void whatIsDeletedOrDamagedIsMadeAnew() throws Exception {
    String namespace = namespace("damaged");
    tend(namespace, Duration.ZERO);
    client.secrets().inNamespace(namespace).withName(CertificateTender.CONTROLLER).delete();
    client.secrets().inNamespace(namespace).withName(CertificateTender.NODE).edit(secret -> new SecretBuilder(secret)
        .addToData(Credentials.KEY, "bm9uZQ==").build());
    tend(namespace, Duration.ofMinutes(1));
    assertThat(credentials(namespace, CertificateTender.NODE).trusted())
        .isEqualTo(credentials(namespace, CertificateTender.CONTROLLER).trusted());
  }

  @Test
  void whatSomebodyElseMadeIsLeftAlone() throws Exception {
    String namespace = namespace("others");
    tend(namespace, Duration.ZERO);
    // cert-manager takes over a Secret that is there, and keeps annotations that it does not know.
    client.secrets().inNamespace(namespace).withName(CertificateTender.NODE).edit(secret -> new SecretBuilder(secret).editMetadata()
        .addToAnnotations("cert-manager.io/certificate-name", "node").endMetadata().build());
    Secret controller = secret(namespace, CertificateTender.CONTROLLER);
    client.secrets().inNamespace(namespace).withName(CertificateTender.CONTROLLER).delete();
    client.resource(new SecretBuilder().withType(controller.getType()).withData(controller.getData()).withNewMetadata()
        .withName(CertificateTender.CONTROLLER).withNamespace(namespace).endMetadata().build()).create();
    client.secrets().inNamespace(namespace).withName(CertificateTender.AUTHORITY).delete();
    String node = secret(namespace, CertificateTender.NODE).getMetadata().getResourceVersion();
    tend(namespace, Duration.ofDays(3000));
    assertThat(secret(namespace, CertificateTender.NODE).getMetadata().getResourceVersion()).isEqualTo(node);
    assertThat(secret(namespace, CertificateTender.CONTROLLER).getData()).isEqualTo(controller.getData());
    assertThat(secret(namespace, CertificateTender.AUTHORITY)).as("nobody needs one").isNull();
  }
}
