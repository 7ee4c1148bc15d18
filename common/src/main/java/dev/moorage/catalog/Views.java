package dev.moorage.catalog;

import dev.moorage.backend.Home;
import dev.moorage.backend.Origin;
import dev.moorage.failpoint.Failpoint;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.VolumeException;
import java.io.IOException;

/** The throw-away clones behind mounted snapshots. A view has no record: its directory's name says all. */
final class Views {

  private final Parts parts;

  Views(Parts parts) {
    this.parts = parts;
  }

  Home create(SnapshotId id) throws VolumeException {
    Snapshot snapshot = parts.living("mount snapshot " + id, id);
    Home view = parts.homes().view(id);
    if (parts.index().views().contains(id)) {
      return view;
    }
    String action = "mount snapshot " + snapshot.label();
    Home building = null;
    boolean whole = false;
    try (Admission.Reservation reservation =
        parts.admission().reserve(action, parts.admission().chargeOfView(snapshot), 0)) {
      building = parts.homes().begin(action, view.id());
      Failpoint.VIEW_HOME_MADE.reach();
      parts.backendOf(snapshot).create(building, snapshot.spec(), new Origin.CloneOf(parts.homeOf(snapshot)));
      Failpoint.VIEW_DATA_MADE.reach();
      parts.homes().move(building, view.directory());
      Failpoint.VIEW_IN_PLACE.reach();
      reservation.keep();
      parts.index().addView(id);
      whole = true;
      return view;
    } catch (IOException e) {
      throw DiskFailure.during(action, e);
    } finally {
      if (!whole && building != null) {
        parts.homes().withdraw(building, view.directory());
      }
    }
  }

  void delete(SnapshotId id) throws VolumeException {
    if (!parts.index().views().contains(id)) {
      return;
    }
    Snapshot snapshot = parts.living("unmount snapshot " + id, id);
    String action = "unmount snapshot " + snapshot.label();
    Home view = parts.homes().view(id);
    parts.homes().makeIdle(action, view, parts.backendOf(snapshot));
    try {
      Home going = parts.homes().move(view, parts.layout().tmp(view.id()));
      Failpoint.VIEW_MOVED.reach();
      parts.index().removeView(id);
      parts.homes().discard(going);
      parts.admission().release(parts.admission().chargeOfView(snapshot));
    } catch (IOException e) {
      throw DiskFailure.during(action, e);
    }
  }
}
