package dev.moorage.csi.kubernetes;

import dev.moorage.csi.router.NodeAddress;
import dev.moorage.csi.router.Nodes;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The nodes as their pods show them: those with the labels of the DaemonSet, in the namespace of the router. Watched, so every answer is
 * from memory.
 */
final class ClusterNodes implements Nodes, AutoCloseable {

  private static final System.Logger LOG = System.getLogger("dev.moorage.csi");
  private static final Map<String, String> LABELS = Map.of("app.kubernetes.io/name", "moorage", "app.kubernetes.io/component", "node");
  private static final String PORT_NAME = "csi";
  private static final int PORT = 9808;

  private final KubernetesClient client;
  private final String namespace;
  private final SharedIndexInformer<Pod> pods;
  private final SharedIndexInformer<ConfigMap> tables;

  ClusterNodes(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
    pods = client.pods().inNamespace(namespace).withLabels(LABELS).runnableInformer(0);
    tables = client.configMaps().inNamespace(namespace).withName(PoolTable.NAME).runnableInformer(0);
  }

  /** Begins to watch, and goes on until it is closed, whatever the API answers. */
  void start() {
    pods.exceptionHandler((started, failure) -> goOn("pods", failure)).start();
    tables.exceptionHandler((started, failure) -> goOn(PoolTable.NAME, failure)).start();
  }

  private static boolean goOn(String what, Throwable failure) {
    LOG.log(System.Logger.Level.WARNING, "cannot watch " + what + ": " + failure.getMessage() + "; it is tried again");
    return true;
  }

  @Override
  public Optional<String> waitsFor() {
    return pods.hasSynced() && tables.hasSynced() ? Optional.empty() : Optional.of("the API of the cluster has not answered yet");
  }

  @Override
  public List<NodeAddress> present() {
    return pods.getStore().list().stream().filter(ClusterNodes::isThere)
        .sorted(Comparator.comparing(ClusterNodes::isLeaving))
        .collect(Collectors.toMap(pod -> pod.getSpec().getNodeName(), ClusterNodes::address, (one, other) -> one))
        .values().stream().toList();
  }

  /** The names of the nodes that are there, by the word of the API at this moment, and not of what was watched. */
  Set<String> ask() {
    return client.pods().inNamespace(namespace).withLabels(LABELS).list().getItems().stream().filter(ClusterNodes::isThere)
        .map(pod -> pod.getSpec().getNodeName()).collect(Collectors.toSet());
  }

  private static boolean isThere(Pod pod) {
    return pod.getSpec().getNodeName() != null && pod.getStatus() != null && pod.getStatus().getPodIP() != null
        && "Running".equals(pod.getStatus().getPhase());
  }

  private static boolean isLeaving(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() != null;
  }

  private static NodeAddress address(Pod pod) {
    int port = pod.getSpec().getContainers().stream().flatMap(container -> container.getPorts().stream())
        .filter(each -> PORT_NAME.equals(each.getName())).map(ContainerPort::getContainerPort).findFirst().orElse(PORT);
    return new NodeAddress(pod.getSpec().getNodeName(), new InetSocketAddress(pod.getStatus().getPodIP(), port));
  }

  private PoolTable table() {
    return tables.getStore().list().stream().findFirst().map(PoolTable::of).orElseGet(PoolTable::empty);
  }

  @Override
  public Map<String, String> remembered() {
    return table().nodes();
  }

  @Override
  public Set<String> lost() {
    return table().lost();
  }

  @Override
  public void close() {
    pods.stop();
    tables.stop();
  }
}
