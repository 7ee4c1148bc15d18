package dev.moorage.csi;

import dev.moorage.volume.VolumeException.InvalidArgument;
import io.grpc.Status;
import java.util.List;
import java.util.function.Function;

/** One page of a list that is sorted by the handles of its entries; the token is the last handle of the page before. */
public record Pages<T>(List<T> page, String next) {

  /** {@code sorted} by {@code handle}; {@code maxEntries} 0 is all. */
  public static <T> Pages<T> of(String action, List<T> sorted, Function<T, String> handle, int maxEntries, String token)
      throws InvalidArgument {
    if (maxEntries < 0) {
      throw new InvalidArgument(action, "max_entries is negative", "0 means all");
    }
    int from = 0;
    if (!token.isEmpty()) {
      if (VolumeHandle.parse(token).isEmpty() && SnapshotHandle.parse(token).isEmpty()) {
        throw Status.ABORTED.withDescription("cannot " + action + ": the starting_token is none of ours. Begin anew").asRuntimeException();
      }
      // Whatever was made or deleted in between: the page begins behind the token's place.
      while (from < sorted.size() && handle.apply(sorted.get(from)).compareTo(token) <= 0) {
        from++;
      }
    }
    int to = maxEntries == 0 ? sorted.size() : Math.min(sorted.size(), from + maxEntries);
    return new Pages<>(sorted.subList(from, to), to < sorted.size() ? handle.apply(sorted.get(to - 1)) : "");
  }
}
