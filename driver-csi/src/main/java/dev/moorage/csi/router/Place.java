package dev.moorage.csi.router;

/** Where a pool is. */
sealed interface Place {

  /** On a node that is there. */
  record Here(NodeLink node) implements Place {}

  /** On a node that is not there just now. */
  record Away(String node) implements Place {}

  /** On a node that will never come back. */
  record Lost(String node) implements Place {}

  /** Nobody ever told of such a pool: it is of another cluster, or of a node that was never here while a router was. */
  record Unknown() implements Place {}
}
