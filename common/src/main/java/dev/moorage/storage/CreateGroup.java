package dev.moorage.storage;

import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolName;
import java.util.Optional;

/**
 * A request for a volume of each member of a group snapshot.
 *
 * @param member any one of them
 * @param owner of the new volumes; when empty, that of each source when it is here, else the caller
 * @param prefix before the names that the volumes had
 * @param pool of the new volumes; when empty, that of the sources when they are here, else the default one
 */
public record CreateGroup(SnapshotRef member, Optional<Owner> owner, String prefix, Optional<PoolName> pool) {}
