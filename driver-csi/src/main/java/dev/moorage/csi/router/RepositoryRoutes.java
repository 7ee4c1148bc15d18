package dev.moorage.csi.router;

import dev.moorage.csi.Answers;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.Unavailable;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.UUID;

/**
 * Who does what needs a repository only: the router by itself, when its configuration names it, else the nodes that know it, one after the
 * other until one is there.
 */
record RepositoryRoutes(Fleet fleet) {

  private static final System.Logger LOG = System.getLogger("dev.moorage.csi");

  /** Work with a repository. */
  interface Own<T> {
    T run() throws VolumeException;
  }

  /** The same, by a node that knows the repository. */
  interface ByNode<T> {
    T run(NodeLink node) throws VolumeException;
  }

  /** Does it; Unavailable as the router itself found it when no node can help either. */
  <T> T with(UUID repository, Own<T> own, ByNode<T> byNode) throws VolumeException {
    try {
      return own.run();
    } catch (Unavailable e) {
      for (NodeLink node : fleet.knowing(repository)) {
        try {
          return byNode.run(node);
        } catch (Unavailable | StatusRuntimeException other) {
          if (Answers.failure(other).getStatus().getCode() != Status.Code.UNAVAILABLE) {
            throw other;
          }
          LOG.log(System.Logger.Level.DEBUG, String.valueOf(other.getMessage()));
        }
      }
      throw e;
    }
  }
}
