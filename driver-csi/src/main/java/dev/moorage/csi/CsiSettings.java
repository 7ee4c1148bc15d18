package dev.moorage.csi;

import dev.moorage.volume.Owner;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a driver presents itself.
 *
 * @param socket where the kubelet and the sidecars find it
 * @param nodeId the node's name, which is its place in the topology too; at most 63 characters
 * @param owner whose volumes these are: a cluster's name
 * @param volumesMax how many volumes the scheduler may put on this node; 0 for no limit
 * @param version what GetPluginInfo tells
 * @param registration the socket by which the kubelet is told of the driver; empty when somebody else tells it
 * @param port where the router of the cluster finds it; empty when there is none
 */
public record CsiSettings(Path socket, String nodeId, Owner owner, int volumesMax, String version, Optional<Path> registration,
    Optional<PortSettings> port) {

  /** The driver's name, as in StorageClasses. */
  public static final String DRIVER = "csi.moorage.dev";

  /** The one key of the topology; its value is the node's id. */
  public static final String TOPOLOGY_KEY = DRIVER + "/node";
}
