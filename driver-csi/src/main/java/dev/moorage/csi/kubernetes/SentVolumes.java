package dev.moorage.csi.kubernetes;

import dev.moorage.csi.GivenName;
import dev.moorage.csi.router.Destinations;
import dev.moorage.volume.VolumeException.Unavailable;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@link Destinations} in the ConfigMap {@value #NAME}: for each name the node and the second at which it was sent there. An entry is written by
 * itself, so routers do not disturb each other. It is of use until csi-provisioner has the answer; after a day, or when there are too many, it
 * is dropped.
 */
record SentVolumes(KubernetesClient client, String namespace, Clock clock) implements Destinations {

  static final String NAME = "moorage-sent";
  static final int KEPT_MAX = 2000;
  private static final Duration KEPT = Duration.ofDays(1);
  private static final System.Logger LOG = System.getLogger("dev.moorage.csi");
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

  /** One entry's value, as it stands there. */
  private record Sent(String node, long second) {
    static Sent parse(String text) {
      String[] words = text.split(" ", -1);
      return new Sent(words[0], words.length == 2 && words[1].matches("\\d{1,12}") ? Long.parseLong(words[1]) : 0);
    }

    @Override
    public String toString() {
      return node + " " + second;
    }
  }

  private Resource<ConfigMap> map() {
    return client.configMaps().inNamespace(namespace).withName(NAME);
  }

  private Map<String, String> data() {
    return Optional.ofNullable(map().get()).map(ConfigMap::getData).orElse(Map.of());
  }

  /** A name of a volume has only characters that a key may have. */
  private static String key(String name) {
    return GivenName.volume(name).value();
  }

  @Override
  public Optional<String> of(String action, String name) throws Unavailable {
    try {
      return Optional.ofNullable(data().get(key(name))).map(text -> Sent.parse(text).node());
    } catch (KubernetesClientException e) {
      throw unavailable(action, e);
    }
  }

  @Override
  public void note(String action, String name, String node) throws Unavailable {
    // The names of nodes, too, have only letters, digits, dots and hyphens.
    String entry = quoted(key(name)) + ":" + quoted(new Sent(node, clock.instant().getEpochSecond()).toString());
    try {
      if (!patched(entry)) {
        create();
        if (!patched(entry)) {
          throw new Unavailable(action, "ConfigMap " + NAME + " is being deleted", "Ask again");
        }
      }
    } catch (KubernetesClientException e) {
      throw unavailable(action, e);
    }
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  /** Changes these entries and no others. False when there is nothing to change. */
  private boolean patched(String entries) {
    try {
      return map().patch(MERGE, "{\"data\":{" + entries + "}}") != null;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  private void create() {
    try {
      client.resource(new ConfigMapBuilder().withNewMetadata().withName(NAME).withNamespace(namespace)
          .withLabels(Map.of("app.kubernetes.io/name", "moorage")).endMetadata().build()).inNamespace(namespace).create();
    } catch (KubernetesClientException e) {
      // Another router may have been quicker.
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
  }

  @Override
  public void forget(String name) {
    try {
      drop(List.of(key(name)));
    } catch (KubernetesClientException e) {
      LOG.log(System.Logger.Level.DEBUG, "an entry of " + NAME + " stays: " + e.getMessage());
    }
  }

  /** A null in a merge takes the key away. */
  private void drop(List<String> keys) {
    if (!patched(keys.stream().map(each -> quoted(each) + ":null").collect(Collectors.joining(",")))) {
      LOG.log(System.Logger.Level.DEBUG, "there is no " + NAME + " yet");
    }
  }

  /** Drops what is too old, and the oldest of what is too much; for the leader, now and then. */
  void tidy() {
    long oldest = clock.instant().minus(KEPT).getEpochSecond();
    List<Map.Entry<String, Sent>> newestFirst = data().entrySet().stream()
        .map(each -> Map.entry(each.getKey(), Sent.parse(each.getValue())))
        .sorted(Comparator.comparingLong((Map.Entry<String, Sent> each) -> each.getValue().second()).reversed()).toList();
    List<String> gone = Stream.concat(newestFirst.stream().limit(KEPT_MAX).filter(each -> each.getValue().second() < oldest),
        newestFirst.stream().skip(KEPT_MAX)).map(Map.Entry::getKey).toList();
    if (!gone.isEmpty()) {
      drop(gone);
    }
  }

  private static Unavailable unavailable(String action, KubernetesClientException e) {
    return new Unavailable(action, "the API of the cluster does not tell, or keep, on which node it may be: " + e.getMessage(), "Ask again", e);
  }
}
