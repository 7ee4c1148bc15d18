package dev.moorage.storage;

import dev.moorage.repository.StoredRanges;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.InvalidArgument;
import java.io.IOException;
import java.util.Optional;

/** Which ranges of a snapshot in a repository hold data, or may differ from an older one there: from the maps, no data is fetched. */
record RemoteBlocks(Core core, String action) {

  SnapshotBlocks of(SnapshotRef ref, Optional<SnapshotRef> base) throws VolumeException {
    RemoteLookup lookup = new RemoteLookup(core, action);
    RemoteSnapshot now = lookup.one(ref);
    Optional<RemoteSnapshot> before = base.isPresent() ? Optional.of(lookup.one(base.get())) : Optional.empty();
    if (before.isPresent()) {
      demandComparable(now, before.get());
    }
    try {
      return new SnapshotBlocks(ByteSize.ofBytes(now.entry().size()),
          StoredRanges.open(now.repository(), now.entry().seat(), before.map(each -> each.entry().seat()), core.host()));
    } catch (IOException e) {
      throw core.repositories().failed(action, now.name(), now.repository(), e);
    }
  }

  private void demandComparable(RemoteSnapshot now, RemoteSnapshot before) throws InvalidArgument {
    if (!now.name().equals(before.name())) {
      throw new InvalidArgument(action, before.text() + " is in another repository", "Name two of one repository");
    }
    if (!now.entry().seat().volume().equals(before.entry().seat().volume())) {
      throw new InvalidArgument(action, before.text() + " is a snapshot of another volume", "Name two of one volume");
    }
    if (before.entry().size() > now.entry().size()) {
      throw new InvalidArgument(action, before.text() + " is larger than it, hence not older", "Name the older one as the base");
    }
  }
}
