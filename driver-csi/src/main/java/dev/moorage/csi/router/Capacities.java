package dev.moorage.csi.router;

import com.google.protobuf.Int64Value;
import dev.moorage.csi.Parameters;
import dev.moorage.csi.Usage;
import dev.moorage.csi.node.proto.Pool;
import dev.moorage.csi.proto.GetCapacityRequest;
import dev.moorage.csi.proto.GetCapacityResponse;
import dev.moorage.csi.proto.VolumeCapability;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException;
import java.util.List;
import java.util.Optional;

/** How much room there is, by what the nodes told last. */
record Capacities(Fleet fleet) {

  /** What the smallest filesystem of ours needs. */
  private static final long LEAST_BYTES = 16L << 20;

  /** Of one node, or of all of them together when the caller names no place; the largest volume is always that of one node. */
  GetCapacityResponse answer(GetCapacityRequest asked) throws VolumeException {
    String action = "get capacity";
    Parameters parameters = Parameters.ofVolume(action, asked.getParametersMap());
    for (VolumeCapability capability : asked.getVolumeCapabilitiesList()) {
      Usage.of(action, capability);
    }
    long sum = 0;
    long most = 0;
    for (NodeLink link : fleet.present()) {
      if (!asked.hasAccessibleTopology() || Placement.isAt(asked.getAccessibleTopology(), link.name())) {
        long free = room(link, parameters);
        sum += free;
        most = Math.max(most, free);
      }
    }
    return GetCapacityResponse.newBuilder().setAvailableCapacity(sum).setMaximumVolumeSize(Int64Value.of(most))
        .setMinimumVolumeSize(Int64Value.of(LEAST_BYTES)).build();
  }

  /** As for ordering nodes: parameters that are wrong have no room anywhere, and the node says what is wrong. */
  long free(NodeLink link, Parameters parameters) {
    try {
      return room(link, parameters);
    } catch (InvalidArgument e) {
      return 0;
    }
  }

  private long room(NodeLink link, Parameters parameters) throws InvalidArgument {
    Optional<PoolName> name = parameters.pool();
    Optional<BackendKind> backend = parameters.backend();
    List<Pool> pools = fleet.pools(link);
    Optional<Pool> pool = name.isEmpty() ? pools.stream().findFirst()
        : pools.stream().filter(each -> each.getName().equals(name.get().value())).findFirst();
    return pool.filter(each -> backend.isEmpty() || each.getBackendsList().contains(backend.get().word()))
        .map(Pool::getAvailableBytes).orElse(0L);
  }
}
