package dev.moorage.csi;

import dev.moorage.csi.proto.NodeExpandVolumeRequest;
import dev.moorage.csi.proto.NodeExpandVolumeResponse;
import dev.moorage.csi.proto.NodePublishVolumeRequest;
import dev.moorage.csi.proto.NodePublishVolumeResponse;
import dev.moorage.csi.proto.NodeStageVolumeRequest;
import dev.moorage.csi.proto.NodeStageVolumeResponse;
import dev.moorage.csi.proto.NodeUnpublishVolumeRequest;
import dev.moorage.csi.proto.NodeUnpublishVolumeResponse;
import dev.moorage.csi.proto.NodeUnstageVolumeRequest;
import dev.moorage.csi.proto.NodeUnstageVolumeResponse;
import dev.moorage.csi.proto.VolumeCapability;
import dev.moorage.csi.proto.VolumeCapability.AccessMode.Mode;
import dev.moorage.linux.Mounts;
import dev.moorage.storage.Consumer;
import dev.moorage.storage.Publication;
import dev.moorage.storage.Publications;
import dev.moorage.storage.VolumeRef;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.AlreadyExists;
import dev.moorage.volume.VolumeException.InUse;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.NotFound;
import dev.moorage.volume.VolumeException.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What the kubelet has done with volumes on this node. The staging path is a consumer of the volume like any pod's path. */
final class NodeCalls {

  private final Host host;
  private final VolumeCalls volumes;

  NodeCalls(Host host, VolumeCalls volumes) {
    this.host = host;
    this.volumes = volumes;
  }

  private Publications publications(String action) throws VolumeException {
    return host.storage(action).publications();
  }

  NodeStageVolumeResponse stage(NodeStageVolumeRequest asked) throws VolumeException {
    String action = "stage volume " + Request.shown(asked.getVolumeId());
    Request request = new Request(action);
    String handle = request.need("volume_id", asked.getVolumeId());
    Path staging = request.path("staging_target_path", asked.getStagingTargetPath());
    Usage usage = usage(action, asked.hasVolumeCapability(), asked.getVolumeCapability());
    Volume volume = host.volume(action, handle);
    demandFit(action, usage, volume, staging);
    VolumeRef ref = new VolumeRef.ById(volume.id());
    // Nothing is mounted at the path, it stands for the stage: the kubelet does not end a stage while it finds the device mounted anywhere else,
    // and our own mount of it, by which it outlives this process, is elsewhere.
    publications(action).mount(host.caller(), ref, new Consumer.CsiPath(staging));
    return NodeStageVolumeResponse.getDefaultInstance();
  }

  private static Usage usage(String action, boolean present, VolumeCapability capability) throws InvalidArgument {
    if (!present) {
      throw new InvalidArgument(action, "the field volume_capability is missing", "");
    }
    return Usage.of(action, capability);
  }

  private void demandFit(String action, Usage usage, Volume volume, Path path) throws VolumeException {
    Optional<String> mismatch = usage.mismatch(volume);
    if (mismatch.isEmpty()) {
      return;
    }
    if (publications(action).paths(volume.id()).contains(path)) {
      throw new AlreadyExists(action, "it is at " + path + " in another way: " + mismatch.get(), "End that first");
    }
    throw new InvalidArgument(action, mismatch.get(), "");
  }

  NodeUnstageVolumeResponse unstage(NodeUnstageVolumeRequest asked) throws VolumeException {
    String action = "unstage volume " + Request.shown(asked.getVolumeId());
    Request request = new Request(action);
    String handle = request.need("volume_id", asked.getVolumeId());
    Path staging = request.path("staging_target_path", asked.getStagingTargetPath());
    withdraw(action, handle, staging, true);
    return NodeUnstageVolumeResponse.getDefaultInstance();
  }

  NodePublishVolumeResponse publish(NodePublishVolumeRequest asked) throws VolumeException {
    String action = "publish volume " + Request.shown(asked.getVolumeId());
    Request request = new Request(action);
    String handle = request.need("volume_id", asked.getVolumeId());
    Path target = request.path("target_path", asked.getTargetPath());
    Usage usage = usage(action, asked.hasVolumeCapability(), asked.getVolumeCapability());
    if (asked.getStagingTargetPath().isEmpty()) {
      throw new InUse(action, "the field staging_target_path is missing, and a volume is staged before it is published", "Stage it first");
    }
    Path staging = request.path("staging_target_path", asked.getStagingTargetPath());
    Volume volume = host.volume(action, handle);
    if (!publications(action).paths(volume.id()).contains(staging)) {
      throw new InUse(action, "it is not staged at " + staging, "Stage it first");
    }
    demandFit(action, usage, volume, target);
    Set<Mounts.Flag> flags = EnumSet.noneOf(Mounts.Flag.class);
    flags.addAll(usage.flags());
    if (asked.getReadonly() || usage.isReadOnly()) {
      flags.add(Mounts.Flag.READ_ONLY);
    }
    boolean alone = usage.mode() == Mode.SINGLE_NODE_SINGLE_WRITER;
    publications(action).publish(host.caller(), new VolumeRef.ById(volume.id()),
        new Publication(target, flags, alone ? Optional.of(staging) : Optional.empty()));
    return NodePublishVolumeResponse.getDefaultInstance();
  }

  NodeUnpublishVolumeResponse unpublish(NodeUnpublishVolumeRequest asked) throws VolumeException {
    String action = "unpublish volume " + Request.shown(asked.getVolumeId());
    Request request = new Request(action);
    String handle = request.need("volume_id", asked.getVolumeId());
    Path target = request.path("target_path", asked.getTargetPath());
    withdraw(action, handle, target, false);
    return NodeUnpublishVolumeResponse.getDefaultInstance();
  }

  /** A volume that is gone has no mounts, for one in use cannot be deleted; then only an empty target is left to be removed. */
  private void withdraw(String action, String handle, Path path, boolean keep) throws VolumeException {
    Optional<Volume> volume = host.find(action, handle);
    if (volume.isPresent()) {
      publications(action).unpublish(host.caller(), new VolumeRef.ById(volume.get().id()), path, keep);
      return;
    }
    try {
      if (Mounts.at(path).isPresent()) {
        throw new NotFound(action, "there is no such volume, and something is mounted at " + path, "Look at it, and unmount it");
      }
      if (!keep) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new Unavailable(action, "there is no such volume, and " + path + " cannot be removed: " + e.getMessage(), "Look at it", e);
    }
  }

  NodeExpandVolumeResponse expand(NodeExpandVolumeRequest asked) throws VolumeException {
    String action = "expand volume " + Request.shown(asked.getVolumeId());
    Request request = new Request(action);
    String handle = request.need("volume_id", asked.getVolumeId());
    if (asked.getVolumePath().isEmpty()) {
      throw new InvalidArgument(action, "the field volume_path is missing", "");
    }
    Volume volume = host.volume(action, handle);
    demandPath(action, volume, asked.getVolumePath());
    Volume grown = volumes.grow(action, volume, asked.getCapacityRange());
    return NodeExpandVolumeResponse.newBuilder().setCapacityBytes(grown.spec().size().bytes()).build();
  }

  /** The path that a caller names must be one at which the volume is. */
  Path demandPath(String action, Volume volume, String text) throws VolumeException {
    Optional<Path> path = path(text);
    if (path.isEmpty() || !publications(action).isAt(volume, path.get())) {
      throw new NotFound(action, "the volume is not at " + Request.shown(text), "");
    }
    return path.get();
  }

  private static Optional<Path> path(String text) {
    try {
      return Optional.of(Path.of(text)).filter(Path::isAbsolute);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
