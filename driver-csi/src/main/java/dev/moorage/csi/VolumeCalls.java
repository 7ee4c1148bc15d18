package dev.moorage.csi;

import dev.moorage.csi.proto.CapacityRange;
import dev.moorage.csi.proto.ControllerExpandVolumeRequest;
import dev.moorage.csi.proto.ControllerExpandVolumeResponse;
import dev.moorage.csi.proto.CreateVolumeRequest;
import dev.moorage.csi.proto.CreateVolumeResponse;
import dev.moorage.csi.proto.DeleteVolumeRequest;
import dev.moorage.csi.proto.DeleteVolumeResponse;
import dev.moorage.csi.proto.TopologyRequirement;
import dev.moorage.csi.proto.VolumeContentSource;
import dev.moorage.storage.CreateVolume;
import dev.moorage.storage.Job;
import dev.moorage.storage.SnapshotRef;
import dev.moorage.storage.Storage;
import dev.moorage.storage.VolumeRef;
import dev.moorage.volume.Access;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.FilesystemType;
import dev.moorage.volume.SizeRange;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.InUse;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.NoSpace;
import dev.moorage.volume.VolumeException.NotFound;
import dev.moorage.volume.VolumeException.OutOfRange;
import dev.moorage.volume.VolumeException.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Making, deleting and growing volumes, as the controller service asks for it. */
final class VolumeCalls {

  /** Less than csi-provisioner waits, so that it hears how far a restore is. */
  private static final Duration RESTORE_SLICE = Duration.ofSeconds(5);

  /** Sizes are whole pieces of so much. */
  private static final long SECTOR_BYTES = 4096;

  private final Host host;

  VolumeCalls(Host host) {
    this.host = host;
  }

  CreateVolumeResponse create(CreateVolumeRequest asked) throws VolumeException {
    String action = "create volume " + Request.shown(asked.getName());
    Request request = new Request(action);
    String name = request.need("name", asked.getName());
    List<Usage> usages = Usage.all(action, asked.getVolumeCapabilitiesList());
    Parameters parameters = Parameters.ofVolume(action, asked.getParametersMap());
    if (asked.getChangeableParametersCount() > 0) {
      throw new InvalidArgument(action, "no parameter of a volume can be changed later", "Leave mutable_parameters out");
    }
    Optional<SizeRange> size = size(action, asked.hasCapacityRange() ? asked.getCapacityRange() : CapacityRange.getDefaultInstance());
    demandTopology(action, asked.getAccessibilityRequirements());
    Access access = usages.getFirst().access();
    Volume volume = host.storage(action).volumes().create(host.caller(), new CreateVolume(host.settings().owner(),
        GivenName.volume(name), parameters.pool(), parameters.backend(), size, Optional.of(access),
        filesystem(action, usages.getFirst(), parameters), parameters.preallocated(), source(action, asked.getVolumeContentSource()),
        usages.stream().map(Usage::word).sorted().distinct().toList(), parameters.all()));
    awaitRestore(action, volume);
    dev.moorage.csi.proto.Volume.Builder message = message(volume);
    if (asked.hasVolumeContentSource()) {
      message.setContentSource(asked.getVolumeContentSource());
    }
    return CreateVolumeResponse.newBuilder().setVolume(message).build();
  }

  dev.moorage.csi.proto.Volume.Builder message(Volume volume) {
    return dev.moorage.csi.proto.Volume.newBuilder()
        .setVolumeId(VolumeHandle.of(volume).toString())
        .setCapacityBytes(volume.spec().size().bytes())
        .addAccessibleTopology(host.topology());
  }

  /** One class serves filesystems and raw devices: for the latter its filesystem means nothing. */
  private static Optional<FilesystemType> filesystem(String action, Usage usage, Parameters parameters) throws InvalidArgument {
    Optional<FilesystemType> byClass = parameters.filesystem();
    if (usage.access() == Access.BLOCK) {
      return Optional.empty();
    }
    if (byClass.isPresent() && usage.filesystem().isPresent() && !byClass.equals(usage.filesystem())) {
      throw new InvalidArgument(action, "parameter fs says " + byClass.get().word() + " and the capability "
          + usage.filesystem().get().word(), "Leave one of them out");
    }
    return usage.filesystem().or(() -> byClass);
  }

  private static Optional<SizeRange> size(String action, CapacityRange range) throws VolumeException {
    long required = range.getRequiredBytes();
    long limit = range.getLimitBytes();
    if (required < 0 || limit < 0) {
      throw new OutOfRange(action, "a size is negative", "Ask for bytes");
    }
    if (limit > 0 && limit < required) {
      throw new OutOfRange(action, "the limit of " + limit + " bytes is below the required " + required, "Raise the limit");
    }
    if (required == 0 && limit == 0) {
      return Optional.empty();
    }
    return Optional.of(new SizeRange(ByteSize.ofBytes(required), limit == 0 ? Optional.empty() : Optional.of(ByteSize.ofBytes(limit))));
  }

  private void demandTopology(String action, TopologyRequirement requirement) throws VolumeException {
    if (requirement.getRequisiteCount() > 0 && requirement.getRequisiteList().stream().noneMatch(host::isAt)) {
      throw new NoSpace(action, "it must be elsewhere than on node " + host.settings().nodeId(), "Ask the node that it is to be on");
    }
  }

  private CreateVolume.Source source(String action, VolumeContentSource source) throws VolumeException {
    return switch (source.getTypeCase()) {
      case TYPE_NOT_SET -> new CreateVolume.Source.None();
      case VOLUME -> new CreateVolume.Source.OfVolume(new VolumeRef.ById(host.volume(action,
          new Request(action).need("volume_id of the source", source.getVolume().getVolumeId())).id()));
      case SNAPSHOT -> new CreateVolume.Source.OfSnapshot(snapshot(action,
          new Request(action).need("snapshot_id of the source", source.getSnapshot().getSnapshotId())));
    };
  }

  private SnapshotRef snapshot(String action, String text) throws VolumeException {
    SnapshotHandle handle = SnapshotHandle.parse(text)
        .orElseThrow(() -> new NotFound(action, "there is no snapshot " + Request.shown(text), ""));
    if (host.find(action, handle).isPresent()) {
      return new SnapshotRef.ById(handle.snapshot());
    }
    Optional<SnapshotRef> remote = new RemoteCopies(host).reference(action, handle);
    if (remote.isPresent()) {
      return remote.get();
    }
    if (host.pool(action, handle.pool()).isEmpty()) {
      // Not NotFound, which is final: the scheduler may still choose the node that has it.
      throw new NoSpace(action, "snapshot " + handle + " is on another node, and in no repository", "Use that node");
    }
    throw new NotFound(action, "there is no snapshot " + handle, "");
  }

  /** A volume whose data is on its way is not made yet; whoever asks hears how far it is, and comes again. */
  private void awaitRestore(String action, Volume volume) throws VolumeException {
    if (!volume.awaitsRestore()) {
      return;
    }
    Storage storage = host.storage(action);
    try {
      Job begun = storage.restores().begin(host.caller(), new VolumeRef.ById(volume.id()));
      Job job = storage.jobs().await(begun.id(), RESTORE_SLICE).orElse(begun);
      if (job.state() != Job.State.DONE) {
        String how = job.error().or(job::note).orElse((int) (job.fraction() * 100) + " % are here");
        throw new Unavailable(action, "its data is being restored from a repository: " + how, "It goes on by itself; ask again");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable(action, "the service stops", "Ask again", e);
    }
  }

  DeleteVolumeResponse delete(DeleteVolumeRequest asked) throws VolumeException {
    String action = "delete volume " + Request.shown(asked.getVolumeId());
    Optional<Volume> volume = host.find(action, new Request(action).need("volume_id", asked.getVolumeId()));
    if (volume.isPresent()) {
      if (!volume.get().owner().equals(host.settings().owner())) {
        throw new InUse(action, "it belongs to " + volume.get().owner(), "Delete it there; here, keep it by reclaim policy Retain");
      }
      host.storage(action).volumes().remove(host.caller(), new VolumeRef.ById(volume.get().id()));
    }
    return DeleteVolumeResponse.getDefaultInstance();
  }

  ControllerExpandVolumeResponse expand(ControllerExpandVolumeRequest asked) throws VolumeException {
    String action = "expand volume " + Request.shown(asked.getVolumeId());
    String handle = new Request(action).need("volume_id", asked.getVolumeId());
    if (!asked.hasCapacityRange()) {
      throw new InvalidArgument(action, "the field capacity_range is missing", "");
    }
    Volume grown = grow(action, host.volume(action, handle), asked.getCapacityRange());
    return ControllerExpandVolumeResponse.newBuilder().setCapacityBytes(grown.spec().size().bytes())
        .setNodeExpansionRequired(grown.filesystemSize().compareTo(grown.spec().size()) < 0).build();
  }

  /** To the size that is asked for, up to whole sectors; what is larger already stays. */
  Volume grow(String action, Volume volume, CapacityRange range) throws VolumeException {
    Optional<SizeRange> wanted = size(action, range);
    ByteSize present = volume.spec().size();
    ByteSize size = wanted.map(SizeRange::required).map(each -> each.roundUpTo(SECTOR_BYTES)).orElse(present);
    ByteSize target = size.compareTo(present) < 0 ? present : size;
    if (wanted.flatMap(SizeRange::limit).filter(limit -> target.compareTo(limit) > 0).isPresent()) {
      throw new OutOfRange(action, "it would have " + target + ", more than the limit", "Raise the limit");
    }
    return host.storage(action).volumes().grow(host.caller(), new VolumeRef.ById(volume.id()), target);
  }
}
