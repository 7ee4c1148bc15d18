package dev.moorage.repository;

import dev.moorage.repository.history.Seat;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.volume.DedupScope;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A local snapshot that shall be committed to a repository.
 *
 * @param snapshot its id
 * @param volume whose history it continues
 * @param origin whose snapshot it is, for those who look for it
 * @param cutAt the moment of the cut
 * @param spec what the volume is, kept as it is for who restores it
 * @param image the sealed image
 * @param base the sealed image of a snapshot of this history that is committed already, on the same filesystem; what did not change
 *     since is not even read
 * @param sharing where else its content may be stored already
 * @param readsAll read and hash everything although there is a base, and find out whether the base's map tells the truth
 * @param known the number of the newest seat that this pool took in the history, 0 for none; as its own disk says
 * @param earlier sessions of this pool for the volume that are not known to be over, the newest last; that one is continued
 *     when it is of this snapshot
 * @param spool a directory on a local disk for packs on their way; what is in it is deleted
 */
public record Upload(
    SnapshotId snapshot,
    VolumeId volume,
    SnapshotEntry.Origin origin,
    Instant cutAt,
    Map<String, String> spec,
    Path image,
    Optional<Base> base,
    Sharing sharing,
    boolean readsAll,
    long known,
    List<Attempt> earlier,
    Path spool) {

  public Upload {
    earlier = List.copyOf(earlier);
    spec = Map.copyOf(spec);
  }

  /** A committed snapshot whose image is still here. */
  public record Base(Path image, long seq) {}

  /**
   * Where the content of a volume may be stored already, beside the same place of its own history's newest snapshot.
   *
   * @param relatives where snapshots may be of volumes that it was cloned or restored from, or that were cloned or restored from the same
   *     one; the first that can be read is built upon when its own history has no snapshot
   * @param scope how far content is looked for then; {@code NONE}: the history is not built upon either
   * @param bytesToRead about how much of the image will be read; when it is much, it is looked for in all of the parent, too
   */
  public record Sharing(List<Relative> relatives, DedupScope scope, long bytesToRead) {

    /** Only there. */
    public static final Sharing OWN = new Sharing(List.of(), DedupScope.LINEAGE, 0);

    public Sharing {
      relatives = List.copyOf(relatives);
    }
  }

  /** A seat of a related volume's history, or with 0 its newest snapshot. */
  public record Relative(VolumeId volume, long seq) {}

  /** A session of this pool for a snapshot: what its disk must know of it before anything is uploaded. */
  public record Attempt(SessionId session, Seat seat, SnapshotId snapshot) {}

  /** Keeps attempts on the disk of the pool. */
  @FunctionalInterface
  public interface Attempts {
    /** Makes it durable that this attempt was begun. */
    void begun(Attempt attempt) throws IOException;
  }

  /** How an upload ended. */
  public sealed interface Outcome {

    /** It is committed; {@code entry} is what everybody can restore now. */
    record Committed(SnapshotEntry entry) implements Outcome {}

    /** Somebody else continues the history of the volume: nothing was committed. {@code who} tells people. */
    record AnotherWriter(String who) implements Outcome {}
  }
}
