package dev.moorage.csi.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.testkit.DevScript;
import dev.moorage.volume.VolumeException.Unavailable;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Goal: where a volume was sent is known to every router, and what is remembered stays small. Method: a real API, the router's rights. */
@Tag("cluster")
final class SentVolumesTest {

  private static final String NAMESPACE = "moorage-system";
  private static final String ACTION = "create volume pvc-1";
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

  @SuppressWarnings("NullAway.Init")
  private ApiServer server;
  @SuppressWarnings("NullAway.Init")
  private KubernetesClient admin;
  @SuppressWarnings("NullAway.Init")
  private KubernetesClient router;

  @BeforeEach
  void open() throws Exception {
    server = new ApiServer();
    admin = server.client(ApiServer.ADMIN);
    router = server.client(ApiServer.CONTROLLER);
    admin.resource(new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build()).create();
    try (InputStream manifest = Files.newInputStream(DevScript.repository().resolve("manifests/base/rbac-router.yaml"))) {
      for (HasMetadata each : admin.load(manifest).items()) {
        if (!each.getKind().startsWith("Cluster")) {
          each.getMetadata().setNamespace(NAMESPACE);
        }
        if (each instanceof RoleBinding binding) {
          binding.getSubjects().forEach(subject -> subject.setNamespace(NAMESPACE));
        }
        admin.resource(each).create();
      }
    }
  }

  @AfterEach
  void close() {
    router.close();
    admin.close();
    server.close();
  }

  private SentVolumes at(Instant now) {
    return new SentVolumes(router, NAMESPACE, Clock.fixed(now, ZoneOffset.UTC));
  }

  private Map<String, String> data() {
    ConfigMap map = admin.configMaps().inNamespace(NAMESPACE).withName(SentVolumes.NAME).get();
    return map.getData() == null ? Map.of() : map.getData();
  }

  @Test
  void anyRouterFindsWhatAnotherHasNotedAndTheyDoNotDisturbEachOther() throws Exception {
    assertThat(at(NOW).of(ACTION, "pvc-1")).isEmpty();
    at(NOW).note(ACTION, "pvc-1", "node-2");
    assertThat(at(NOW).of(ACTION, "pvc-1")).contains("node-2");
    at(NOW).note(ACTION, "pvc-1", "node-1");
    at(NOW).note(ACTION, "any text/of a caller \u00e4", "node-3");
    assertThat(at(NOW).of(ACTION, "pvc-1")).contains("node-1");
    assertThat(at(NOW).of(ACTION, "any text/of a caller \u00e4")).contains("node-3");
    at(NOW).forget("pvc-1");
    at(NOW).forget("pvc-1");
    assertThat(at(NOW).of(ACTION, "pvc-1")).isEmpty();
    List<Future<?>> notes = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 40; i++) {
        String name = "pvc-many-" + i;
        notes.add(threads.submit(() -> {
          at(NOW).note(ACTION, name, "node-1");
          return name;
        }));
      }
    }
    for (Future<?> each : notes) {
      each.get();
    }
    assertThat(data()).hasSize(41);
    server.goAway();
    assertThatThrownBy(() -> at(NOW).note(ACTION, "pvc-2", "node-1")).isInstanceOf(Unavailable.class);
    assertThatThrownBy(() -> at(NOW).of(ACTION, "pvc-2")).isInstanceOf(Unavailable.class);
    at(NOW).forget("pvc-2");
  }

  @Test
  void whatIsOldAndWhatIsTooMuchIsDropped() throws Exception {
    at(NOW.minus(Duration.ofHours(25))).note(ACTION, "old", "node-1");
    at(NOW.minus(Duration.ofHours(23))).note(ACTION, "younger", "node-1");
    at(NOW).tidy();
    assertThat(data()).containsOnlyKeys("younger");
    Map<String, String> many = new TreeMap<>();
    for (int i = 0; i < SentVolumes.KEPT_MAX; i++) {
      many.put("pvc-" + i, "node-1 " + (NOW.getEpochSecond() - i));
    }
    admin.configMaps().inNamespace(NAMESPACE).withName(SentVolumes.NAME).edit(map -> new ConfigMapBuilder(map).addToData(many).build());
    at(NOW).tidy();
    assertThat(data()).hasSize(SentVolumes.KEPT_MAX).doesNotContainKey("younger").containsKeys("pvc-0", "pvc-" + (SentVolumes.KEPT_MAX - 1));
    at(NOW).tidy();
    assertThat(data()).hasSize(SentVolumes.KEPT_MAX);
  }
}
