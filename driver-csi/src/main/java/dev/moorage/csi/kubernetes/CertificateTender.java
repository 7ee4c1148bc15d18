package dev.moorage.csi.kubernetes;

import dev.moorage.csi.kubernetes.AuthorityState.Lifetimes;
import dev.moorage.csi.tls.Credentials;
import dev.moorage.csi.tls.Issuer;
import dev.moorage.csi.tls.LiveCredentials;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the Secrets with certificates that are missing, and renews those that it made; what somebody else made, such as cert-manager, it
 * leaves alone. Only the leader does this; should two do it at once, the API lets one of them win.
 */
final class CertificateTender {

  static final String AUTHORITY = "moorage-ca";
  static final String NODE = "moorage-node-tls";
  static final String CONTROLLER = "moorage-controller-tls";

  private static final System.Logger LOG = System.getLogger("dev.moorage.csi");
  private static final String MADE_BY = "csi.moorage.dev/made-by";
  private static final String US = "moorage-controller";
  private static final String OF_CERT_MANAGER = "cert-manager.io/";
  private static final Map<String, String> LABELS = Map.of("app.kubernetes.io/name", "moorage");

  private final KubernetesClient client;
  private final String namespace;
  private final Lifetimes lifetimes;
  private final Clock clock;

  CertificateTender(KubernetesClient client, String namespace, Lifetimes lifetimes, Clock clock) {
    this.client = client;
    this.namespace = namespace;
    this.lifetimes = lifetimes;
    this.clock = clock;
  }

  /** Looks at all of them once. */
  void tend() throws GeneralSecurityException {
    Optional<Secret> node = find(NODE);
    Optional<Secret> controller = find(CONTROLLER);
    if (node.isPresent() && !isOurs(node.get()) && controller.isPresent() && !isOurs(controller.get())) {
      return;
    }
    AuthorityState authority = authority();
    tendLeaf(NODE, node, authority, LiveCredentials.NODE, Issuer.Side.SERVER);
    tendLeaf(CONTROLLER, controller, authority, LiveCredentials.CONTROLLER, Issuer.Side.CLIENT);
  }

  private AuthorityState authority() throws GeneralSecurityException {
    Optional<Secret> secret = find(AUTHORITY);
    if (secret.isEmpty()) {
      AuthorityState made = AuthorityState.create(lifetimes, clock.instant());
      write(AUTHORITY, secret, made.data());
      return made;
    }
    AuthorityState present = AuthorityState.read(data(secret.get()));
    if (!isOurs(secret.get())) {
      return present;
    }
    AuthorityState next = present.at(lifetimes, clock.instant());
    if (!next.equals(present)) {
      write(AUTHORITY, secret, next.data());
    }
    return next;
  }

  private void tendLeaf(String name, Optional<Secret> secret, AuthorityState authority, String dns, Issuer.Side side) {
    if (secret.isPresent() && !isOurs(secret.get())) {
      return;
    }
    Instant now = clock.instant();
    byte[] bundle = Issuer.pem(authority.trusted());
    Map<String, byte[]> present = secret.map(CertificateTender::data).orElse(Map.of());
    if (isToBeIssued(present, authority, now)) {
      Issuer issued = authority.current().issue(dns, side, now.minus(Lifetimes.SKEW), now.plus(lifetimes.leaf()));
      write(name, secret, Map.of(Credentials.AUTHORITY, bundle, Credentials.CERTIFICATE, issued.certificatePem(),
          Credentials.KEY, issued.keyPem()));
    } else if (!Arrays.equals(bundle, present.get(Credentials.AUTHORITY))) {
      Map<String, byte[]> next = new HashMap<>(present);
      next.put(Credentials.AUTHORITY, bundle);
      write(name, secret, next);
    }
  }

  private static boolean isToBeIssued(Map<String, byte[]> present, AuthorityState authority, Instant now) {
    byte[] certificate = present.get(Credentials.CERTIFICATE);
    byte[] key = present.get(Credentials.KEY);
    if (certificate == null || key == null) {
      return true;
    }
    try {
      Credentials read = Credentials.read(Issuer.pem(authority.trusted()), certificate, key);
      return authority.outdates(read.chain().getFirst(), now);
    } catch (GeneralSecurityException e) {
      LOG.log(System.Logger.Level.WARNING, "a certificate of ours is damaged and made anew: " + e.getMessage());
      return true;
    }
  }

  private Optional<Secret> find(String name) {
    return Optional.ofNullable(client.secrets().inNamespace(namespace).withName(name).get());
  }

  private static boolean isOurs(Secret secret) {
    Map<String, String> annotations = Optional.ofNullable(secret.getMetadata().getAnnotations()).orElse(Map.of());
    return US.equals(annotations.get(MADE_BY)) && annotations.keySet().stream().noneMatch(key -> key.startsWith(OF_CERT_MANAGER));
  }

  static Map<String, byte[]> data(Secret secret) {
    Map<String, byte[]> data = new HashMap<>();
    Optional.ofNullable(secret.getData()).orElse(Map.of()).forEach((name, text) -> data.put(name, Base64.getDecoder().decode(text)));
    return data;
  }

  /** Refused by the API when somebody else has changed it since it was read. */
  private void write(String name, Optional<Secret> before, Map<String, byte[]> data) {
    Map<String, String> texts = new HashMap<>();
    data.forEach((key, value) -> texts.put(key, Base64.getEncoder().encodeToString(value)));
    if (before.isPresent()) {
      client.resource(new SecretBuilder(before.get()).withData(texts).build()).inNamespace(namespace).update();
    } else {
      client.resource(new SecretBuilder().withType("kubernetes.io/tls").withData(texts).withNewMetadata().withName(name)
          .withNamespace(namespace).withLabels(LABELS).withAnnotations(Map.of(MADE_BY, US)).endMetadata().build())
          .inNamespace(namespace).create();
    }
    LOG.log(System.Logger.Level.INFO, "wrote the certificates of Secret " + namespace + "/" + name);
  }
}
