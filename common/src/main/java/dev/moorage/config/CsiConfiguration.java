package dev.moorage.config;

import dev.moorage.volume.Owner;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How Kubernetes is served.
 *
 * @param socket where the kubelet and the sidecars find the driver; empty when Kubernetes is not served
 * @param nodeId what Kubernetes calls this node; empty when it was not said
 * @param cluster the owner of the volumes that are made through the socket
 * @param volumesMax how many volumes the scheduler may put here; 0 for no limit
 * @param registration the socket, in the kubelet's directory of plugins, by which the kubelet learns of the driver; empty when a
 *     registrar of its own tells it
 * @param listen where the router finds this node; empty when there is none
 * @param tls the directory of the certificates for that
 * @param controller whether this is the router, which has no pools and sends each call to the node that it is for
 */
public record CsiConfiguration(Optional<Path> socket, String nodeId, Owner cluster, int volumesMax, Optional<Path> registration,
    Optional<ListenAddress> listen, Optional<Path> tls, boolean controller) {

  public static final String DEFAULT_CLUSTER = "kubernetes";

  /** The values of a label, which the node's id is in the topology, have at most so many characters. */
  static final int NODE_ID_CHARS_MAX = 63;

  /** What is in force when nobody says anything: Kubernetes is not served. */
  public static final CsiConfiguration DEFAULT = new CsiConfiguration(Optional.empty(), "", new Owner(DEFAULT_CLUSTER), 0, Optional.empty(),
      Optional.empty(), Optional.empty(), false);

  /** On one host alone. */
  public CsiConfiguration(Optional<Path> socket, String nodeId, Owner cluster, int volumesMax, Optional<Path> registration) {
    this(socket, nodeId, cluster, volumesMax, registration, Optional.empty(), Optional.empty(), false);
  }
}
