package dev.moorage.csi.router;

import dev.moorage.volume.PoolId;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.NotFound;
import dev.moorage.volume.VolumeException.Unavailable;

/** The node that a call is for, or what its caller is told when there is none. */
record Routes(Fleet fleet) {

  /** The node that has the pool. */
  NodeLink node(String action, PoolId pool) throws VolumeException {
    return switch (fleet.place(action, pool)) {
      case Place.Here here -> here.node();
      case Place.Away away -> throw away(action, away.node());
      case Place.Lost lost -> throw lost(action, lost.node());
      case Place.Unknown _ -> throw unknown(action, pool);
    };
  }

  static Unavailable away(String action, String node) {
    return new Unavailable(action, "node " + node + " is not there", "Bring it back, or declare it lost: docs/csi.md says how");
  }

  static NotFound lost(String action, String node) {
    return new NotFound(action, "it was on node " + node + ", which was declared lost", "");
  }

  /** Never "not found": its node may only be on its way. */
  static Unavailable unknown(String action, PoolId pool) {
    return new Unavailable(action, "no node that is there has pool " + pool, "Start Moorage on the node that has it");
  }
}
