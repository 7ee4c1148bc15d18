package dev.moorage.serve;

import dev.moorage.config.Configuration;
import dev.moorage.csi.CsiSettings;
import dev.moorage.csi.kubernetes.KubernetesRouter;
import dev.moorage.csi.kubernetes.KubernetesSettings;
import dev.moorage.socket.CannotListen;
import dev.moorage.storage.Storage;
import dev.moorage.telemetry.Telemetry;
import dev.moorage.volume.VolumeException;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** What a router is made of, in place of what a node has. Apart from {@link Service}, so that a node loads none of it. */
final class RouterParts {

  private final AtomicReference<Optional<KubernetesRouter>> router = new AtomicReference<>(Optional.empty());

  /** Opens the parts, each pushed on {@code open} as soon as it is there. */
  void open(Configuration configuration, String version, Map<String, String> environment, Telemetry telemetry, Deque<AutoCloseable> open)
      throws CannotServe, CannotListen, VolumeException {
    KubernetesSettings settings = new KubernetesSettings(need(environment, "NAMESPACE", "the namespace of the nodes' pods"),
        need(environment, "POD_NAME", "what it is called among its replicas"));
    Storage repositories = Storage.open(StorageTranslation.withoutPools(configuration), telemetry);
    open.push(repositories);
    CsiSettings csi = new CsiSettings(configuration.csi().socket().orElseThrow(), "", configuration.csi().cluster(), 0, version,
        Optional.empty(), Optional.empty());
    KubernetesRouter opened = KubernetesRouter.open(csi, settings, repositories, telemetry);
    open.push(opened);
    router.set(Optional.of(opened));
  }

  private static String need(Map<String, String> environment, String name, String what) throws CannotServe {
    String value = environment.getOrDefault(name, "");
    if (value.isEmpty()) {
      throw new CannotServe("cannot start: the router needs the environment variable " + name + ", " + what
          + "; in a pod, by valueFrom.fieldRef", null);
    }
    return value;
  }

  /** Why it is not ready yet. */
  Optional<String> waitsFor() {
    return router.get().map(KubernetesRouter::waitsFor).orElse(Optional.of("it starts"));
  }

  /** One line about what is served, for the log. */
  static String summary(Configuration configuration) {
    return "router at csi socket " + configuration.csi().socket().orElseThrow()
        + configuration.healthListen().map(address -> "; health port " + address).orElse("");
  }
}
