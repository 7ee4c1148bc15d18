package dev.moorage.storage;

import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.storage.OpenPool.Located;
import dev.moorage.storage.OpenPool.LocatedSnapshot;
import dev.moorage.volume.ContentSource;
import dev.moorage.volume.Owner;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.AlreadyExists;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.NotFound;
import dev.moorage.volume.VolumeName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * One request for a volume of each member of a group snapshot. Everything that can be refused is refused before the first one is made:
 * a member that is missing, a name that is taken. A volume that was made of its member before counts as made, so the same request goes on
 * after an interruption.
 */
final class GroupCreation {

  private final Core core;
  private final Volumes volumes;
  private final Caller caller;
  private final CreateGroup request;
  private final String action;

  GroupCreation(Core core, Volumes volumes, Caller caller, CreateGroup request) {
    this.core = core;
    this.volumes = volumes;
    this.caller = caller;
    this.request = request;
    this.action = "make volumes of the group of snapshot " + request.member();
  }

  /** A member, and the volume that it shall become. {@code from} means it and nothing else. */
  private record Member(SnapshotId snapshot, SnapshotRef from, String label, Owner owner, VolumeName name) {

    boolean isSourceOf(Volume volume) {
      return switch (volume.source()) {
        case ContentSource.FromSnapshot local -> local.snapshot().equals(snapshot);
        case ContentSource.FromRepository remote -> remote.snapshot().equals(snapshot);
        case ContentSource.Empty _, ContentSource.NeverSnapshotted _, ContentSource.FromVolume _ -> false;
      };
    }

    String text() {
      return owner + "/" + name;
    }
  }

  /** By owner and name. */
  List<Volume> run() throws VolumeException {
    List<Member> members = members();
    demandNames(members);
    List<Volume> made = new ArrayList<>();
    for (Member member : members) {
      CreateVolume plain = CreateVolume.named(member.owner(), member.name());
      made.add(volumes.create(new Caller(caller.door(), member.owner(), caller.patience(), caller.deadline()),
          new CreateVolume(plain.owner(), plain.name(), request.pool(), plain.backend(), plain.size(), plain.access(), plain.filesystem(), false,
              new CreateVolume.Source.OfSnapshot(member.from()), plain.capabilities(), plain.parameters())));
    }
    return made;
  }

  private List<Member> members() throws VolumeException {
    Optional<LocatedSnapshot> local = core.lookup(caller, action).snapshot(request.member());
    return local.isPresent() ? local(local.get().snapshot()) : remote(new RemoteLookup(core, action).one(request.member()));
  }

  private List<Member> local(Snapshot one) throws VolumeException {
    UUID group = one.group().orElseThrow(() -> alone(one.label()));
    List<Snapshot> here = new ArrayList<>();
    for (OpenPool pool : core.pools().all()) {
      pool.catalog().snapshots().stream().filter(each -> each.group().equals(Optional.of(group))).forEach(here::add);
      Optional<Snapshot> trashed = pool.catalog().trashedSnapshots().stream().filter(each -> each.group().equals(Optional.of(group))).findFirst();
      if (trashed.isPresent()) {
        throw new NotFound(action, "its member " + trashed.get().label() + " is in the trash", "Bring it back first: moorage snapshot undo "
            + trashed.get().owner() + "/" + trashed.get().label());
      }
    }
    List<Member> members = new ArrayList<>();
    for (Snapshot each : here) {
      members.add(member(each.id(), new SnapshotRef.ById(each.id()), each.label(), request.owner().orElse(each.owner()), each.volumeName()));
    }
    return members;
  }

  private List<Member> remote(RemoteSnapshot one) throws VolumeException {
    String group = one.entry().origin().group().orElseThrow(() -> alone(one.text()));
    List<Member> members = new ArrayList<>();
    try {
      for (SnapshotEntry each : one.repository().inventory().snapshots()) {
        if (each.origin().group().equals(Optional.of(group))) {
          members.add(member(each.snapshot(), new SnapshotRef.Remote(Optional.of(one.name()), RemoteName.exact(each)), each.label(),
              request.owner().orElse(caller.owner()), each.origin().volumeName()));
        }
      }
    } catch (IOException e) {
      throw core.repositories().failed(action, one.name(), one.repository(), e);
    }
    String all = one.entry().spec().getOrDefault(SpecWords.GROUP_MEMBERS, "");
    if (!all.isEmpty() && !all.equals(Integer.toString(members.size()))) {
      throw new NotFound(action, "repository " + one.name() + " has " + members.size() + " of its " + all + " members, "
          + members.stream().map(Member::label).sorted().collect(Collectors.joining(", "))
          + ": the others are not uploaded yet, were forgotten, or are damaged",
          "Wait for them, or make single volumes: moorage volume create --from");
    }
    return members;
  }

  private InvalidArgument alone(String label) {
    return new InvalidArgument(action, label + " was cut alone, not in a group", "Use moorage volume create --from");
  }

  private Member member(SnapshotId id, SnapshotRef from, String label, Owner owner, VolumeName old) throws InvalidArgument {
    try {
      return new Member(id, from, label, owner, new VolumeName(request.prefix() + old));
    } catch (IllegalArgumentException e) {
      throw new InvalidArgument(action, String.valueOf(e.getMessage()), "Choose another prefix", e);
    }
  }

  private void demandNames(List<Member> members) throws VolumeException {
    Set<String> names = new HashSet<>();
    List<String> taken = new ArrayList<>();
    for (Member member : members) {
      if (!names.add(member.text())) {
        throw new InvalidArgument(action, "two of its members had the name " + member.name() + " and would both become " + member.text(),
            "Make them one by one: moorage volume create --from");
      }
      Optional<Volume> present = core.pools().volume(member.owner(), member.name()).map(Located::volume);
      if (present.isPresent() && !member.isSourceOf(present.get())) {
        taken.add(member.text());
      }
    }
    if (!taken.isEmpty()) {
      throw new AlreadyExists(action, "there is a volume " + String.join(" and a volume ", taken.stream().sorted().toList()) + " already",
          "Nothing was made. Choose other names with a prefix, or remove what is there first");
    }
  }
}
