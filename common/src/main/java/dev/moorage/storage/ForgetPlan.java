package dev.moorage.storage;

import dev.moorage.repository.Repository;
import dev.moorage.repository.gc.CollectionProgress;
import dev.moorage.repository.gc.Usage;
import dev.moorage.repository.history.Seat;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What forgetting some snapshots would do.
 *
 * @param snapshots those that would be forgotten
 * @param freed what the next collections would delete then: together more than one by one
 */
public record ForgetPlan(List<SnapshotEntry> snapshots, Usage.Amount freed) {

  public ForgetPlan {
    snapshots = List.copyOf(snapshots);
  }

  /** Finds the snapshots, as in {@link RemoteSnapshots}, and what only they need. Changes nothing. */
  public static ForgetPlan of(String action, Repository repository, List<String> texts) throws VolumeException, IOException {
    List<SnapshotEntry> snapshots = new ArrayList<>();
    Set<Seat> seats = new HashSet<>();
    for (String text : texts) {
      SnapshotEntry found = RemoteSnapshots.find(action, repository, text);
      if (seats.add(found.seat())) {
        snapshots.add(found);
      }
    }
    return new ForgetPlan(snapshots, repository.accounting(CollectionProgress.NONE).freedBy(seats));
  }
}
