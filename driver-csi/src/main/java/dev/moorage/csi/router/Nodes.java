package dev.moorage.csi.router;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who is where, as the cluster says. From memory, and asked often. Safe for use by several threads. */
public interface Nodes {

  /** Why nothing can be said yet; empty as soon as the other answers are true. */
  Optional<String> waitsFor();

  /** The nodes that are there. One that does not answer may be among them. */
  List<NodeAddress> present();

  /** The nodes' pools by their ids, as they were known once; the nodes need not be there any more. */
  Map<String, String> remembered();

  /** The ids of the pools of which somebody has declared that they will never come back; all of them are remembered. */
  Set<String> lost();
}
