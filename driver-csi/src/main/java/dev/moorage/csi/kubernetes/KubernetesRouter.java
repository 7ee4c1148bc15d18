package dev.moorage.csi.kubernetes;

import dev.moorage.csi.CsiSettings;
import dev.moorage.csi.Rounds;
import dev.moorage.csi.router.Router;
import dev.moorage.csi.tls.Credentials;
import dev.moorage.csi.tls.LiveCredentials;
import dev.moorage.socket.CannotListen;
import dev.moorage.storage.Storage;
import dev.moorage.telemetry.Telemetry;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The router in a cluster: it finds the nodes by their pods, its certificate in a Secret, and what is remembered of pools and of
 * new volumes in ConfigMaps.
 * The one that leads makes and renews certificates, and writes down which pool is where.
 */
public final class KubernetesRouter implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("dev.moorage.csi");
  private static final Duration TICK = Duration.ofSeconds(5);
  private static final Duration CONCERNS = Duration.ofSeconds(30);
  private static final int CONNECT_MILLIS = 5000;
  private static final int REQUEST_MILLIS = 10_000;

  private final KubernetesClient client;
  private final KubernetesSettings settings;
  private final ClusterNodes nodes;
  private final SentVolumes sent;
  private final LiveCredentials credentials = new LiveCredentials();
  private final CertificateTender certificates;
  private final Leadership leadership;
  private final ConcernEvents events;
  private final Rounds rounds = new Rounds("moorage-cluster");
  private final Router router;
  private Map<String, byte[]> shown = Map.of();
  private String trouble = "";

  private KubernetesRouter(CsiSettings csi, KubernetesSettings settings, KubernetesClient client, Storage repositories,
      Telemetry telemetry, Clock clock) throws CannotListen {
    this.client = client;
    this.settings = settings;
    this.nodes = new ClusterNodes(client, settings.namespace());
    this.sent = new SentVolumes(client, settings.namespace(), clock);
    this.certificates = new CertificateTender(client, settings.namespace(), AuthorityState.Lifetimes.DEFAULT, clock);
    this.events = new ConcernEvents(client, settings.pod(), clock);
    this.leadership = new Leadership(client, settings.namespace(), settings.pod(), rounds);
    this.router = Router.open(csi, nodes, sent, credentials, repositories, telemetry);
  }

  /**
   * Opens the socket; when this returns callers are served, and told to come again until the cluster has told who is where.
   *
   * @param repositories a storage without pools
   */
  public static KubernetesRouter open(CsiSettings csi, KubernetesSettings settings, Storage repositories, Telemetry telemetry)
      throws CannotListen {
    return open(csi, settings, Config.autoConfigure(null), repositories, telemetry, Clock.systemUTC());
  }

  static KubernetesRouter open(CsiSettings csi, KubernetesSettings settings, Config config, Storage repositories, Telemetry telemetry,
      Clock clock) throws CannotListen {
    config.setConnectionTimeout(CONNECT_MILLIS);
    config.setRequestTimeout(REQUEST_MILLIS);
    KubernetesClient client = new KubernetesClientBuilder().withConfig(config).withHttpClientFactory(new JdkHttpClientFactory()).build();
    boolean open = false;
    try {
      KubernetesRouter router = new KubernetesRouter(csi, settings, client, repositories, telemetry, clock);
      router.start();
      open = true;
      return router;
    } finally {
      if (!open) {
        client.close();
      }
    }
  }

  private void start() {
    nodes.start();
    leadership.run();
    rounds.every(Duration.ZERO, TICK, this::tick);
    rounds.every(CONCERNS, CONCERNS, this::tellConcerns);
  }

  /** The API may be away at any time; what was known stays in force. */
  private void tick() {
    try {
      if (leadership.isLeader()) {
        certificates.tend();
      }
      readCredentials();
      if (leadership.isLeader() && nodes.waitsFor().isEmpty()) {
        writePools();
      }
      trouble = "";
    } catch (KubernetesClientException | GeneralSecurityException e) {
      String told = String.valueOf(e.getMessage());
      if (!told.equals(trouble)) {
        trouble = told;
        LOG.log(System.Logger.Level.WARNING, "tending the cluster: " + told + "; it is tried again");
      }
    }
  }

  private void tellConcerns() {
    if (leadership.isLeader()) {
      try {
        events.post(router.concerns());
        sent.tidy();
      } catch (KubernetesClientException e) {
        LOG.log(System.Logger.Level.WARNING, "cannot post Events, or tidy " + SentVolumes.NAME + ": " + e.getMessage());
      }
    }
  }

  private void readCredentials() throws GeneralSecurityException {
    Secret secret = client.secrets().inNamespace(settings.namespace()).withName(CertificateTender.CONTROLLER).get();
    if (secret == null) {
      return;
    }
    Map<String, byte[]> data = CertificateTender.data(secret);
    if (isShown(data)) {
      return;
    }
    credentials.replace(Credentials.read(part(data, Credentials.AUTHORITY), part(data, Credentials.CERTIFICATE), part(data, Credentials.KEY)));
    shown = data;
  }

  private boolean isShown(Map<String, byte[]> data) {
    return data.size() == shown.size() && data.entrySet().stream()
        .allMatch(each -> Arrays.equals(each.getValue(), shown.get(each.getKey())));
  }

  private static byte[] part(Map<String, byte[]> data, String name) throws GeneralSecurityException {
    byte[] value = data.get(name);
    if (value == null) {
      throw new GeneralSecurityException("Secret " + CertificateTender.CONTROLLER + " has no " + name);
    }
    return value;
  }

  /** Refused by the API when somebody else has changed it since it was read. */
  private void writePools() {
    Optional<ConfigMap> present = Optional.ofNullable(
        client.configMaps().inNamespace(settings.namespace()).withName(PoolTable.NAME).get());
    PoolTable before = present.map(PoolTable::of).orElseGet(PoolTable::empty);
    Map<String, String> live = live(before);
    before.declaredButThere(live.values()).forEach(node -> LOG.log(System.Logger.Level.WARNING,
        "node " + node + " was declared lost and is there: those of its pools that it tells of are not lost"));
    PoolTable next = before.with(live);
    if (present.isEmpty()) {
      client.resource(next.in(new ConfigMapBuilder().withNewMetadata().withName(PoolTable.NAME).withNamespace(settings.namespace())
          .withLabels(Map.of("app.kubernetes.io/name", "moorage")).endMetadata().build())).inNamespace(settings.namespace()).create();
    } else if (!next.equals(before)) {
      client.resource(next.in(present.get())).inNamespace(settings.namespace()).update();
    }
  }

  /** Which node has each pool. A node that is declared lost the moment its pod went must not pass for one that is there. */
  private Map<String, String> live(PoolTable table) {
    Map<String, String> live = new HashMap<>(router.pools());
    Set<String> doubtful = table.doubtful(live);
    if (!doubtful.isEmpty()) {
      Set<String> there = nodes.ask();
      live.values().removeIf(node -> doubtful.contains(node) && !there.contains(node));
    }
    return live;
  }

  /** Why it is not ready yet; empty as soon as it knows the nodes. */
  public Optional<String> waitsFor() {
    return router.waitsFor();
  }

  @Override
  public void close() {
    leadership.close();
    rounds.close();
    router.close();
    nodes.close();
    client.close();
  }
}
