package dev.moorage.csi.router;

import dev.moorage.volume.VolumeException.Unavailable;
import java.util.Optional;

/**
 * To which node each new volume was sent, of those that more than one node might have got. It outlives any router, so that a volume whose
 * node died before anybody heard of it is not made a second time elsewhere. Safe for use by several threads.
 */
public interface Destinations {

  /** Where a name was sent last, by whatever router; empty when nobody remembers. */
  Optional<String> of(String action, String name) throws Unavailable;

  /** Remembers where a name is about to be sent; when this returns, every router knows it. */
  void note(String action, String name, String node) throws Unavailable;

  /** The node has answered that it has no room, and keeps nothing of it. At best: what stays remembered costs a question. */
  void forget(String name);
}
