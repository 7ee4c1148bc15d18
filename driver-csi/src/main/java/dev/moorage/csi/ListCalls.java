package dev.moorage.csi;

import com.google.protobuf.Int64Value;
import dev.moorage.csi.proto.ControllerGetVolumeRequest;
import dev.moorage.csi.proto.ControllerGetVolumeResponse;
import dev.moorage.csi.proto.GetCapacityRequest;
import dev.moorage.csi.proto.GetCapacityResponse;
import dev.moorage.csi.proto.ListSnapshotsRequest;
import dev.moorage.csi.proto.ListSnapshotsResponse;
import dev.moorage.csi.proto.ListVolumesRequest;
import dev.moorage.csi.proto.ListVolumesResponse;
import dev.moorage.csi.proto.ValidateVolumeCapabilitiesRequest;
import dev.moorage.csi.proto.ValidateVolumeCapabilitiesResponse;
import dev.moorage.csi.proto.ValidateVolumeCapabilitiesResponse.Confirmed;
import dev.moorage.csi.proto.VolumeCapability;
import dev.moorage.storage.PoolStatus;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.InvalidArgument;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Questions that change nothing. */
final class ListCalls {

  /** What the smallest filesystem of ours needs. */
  private static final long LEAST_BYTES = 16L << 20;

  private final Host host;
  private final VolumeCalls volumes;
  private final SnapshotCalls snapshots;

  ListCalls(Host host, VolumeCalls volumes, SnapshotCalls snapshots) {
    this.host = host;
    this.volumes = volumes;
    this.snapshots = snapshots;
  }

  ListVolumesResponse volumes(ListVolumesRequest asked) throws VolumeException {
    String action = "list volumes";
    List<Volume> all = host.storage(action).volumes().list(Optional.of(host.settings().owner())).stream()
        .sorted(Comparator.comparing(volume -> VolumeHandle.of(volume).toString())).toList();
    Pages<Volume> pages = Pages.of(action, all, volume -> VolumeHandle.of(volume).toString(), asked.getMaxEntries(), asked.getStartingToken());
    ListVolumesResponse.Builder response = ListVolumesResponse.newBuilder().setNextToken(pages.next());
    for (Volume volume : pages.page()) {
      response.addEntries(ListVolumesResponse.Entry.newBuilder().setVolume(volumes.message(volume))
          .setStatus(ListVolumesResponse.VolumeStatus.newBuilder().setVolumeCondition(Condition.of(action, host, volume))));
    }
    return response.build();
  }

  ControllerGetVolumeResponse volume(ControllerGetVolumeRequest asked) throws VolumeException {
    String action = "get volume " + Request.shown(asked.getVolumeId());
    Volume volume = host.volume(action, new Request(action).need("volume_id", asked.getVolumeId()));
    return ControllerGetVolumeResponse.newBuilder().setVolume(volumes.message(volume))
        .setStatus(ControllerGetVolumeResponse.VolumeStatus.newBuilder().setVolumeCondition(Condition.of(action, host, volume))).build();
  }

  /** An unknown snapshot or volume is an empty list. */
  ListSnapshotsResponse snapshots(ListSnapshotsRequest asked) throws VolumeException {
    String action = "list snapshots";
    ListSnapshotsResponse.Builder response = ListSnapshotsResponse.newBuilder();
    if (!asked.getSnapshotId().isEmpty()) {
      snapshots.find(action, asked.getSnapshotId())
          .filter(found -> asked.getSourceVolumeId().isEmpty() || found.getSourceVolumeId().equals(asked.getSourceVolumeId()))
          .ifPresent(found -> response.addEntries(ListSnapshotsResponse.Entry.newBuilder().setSnapshot(found)));
      return response.build();
    }
    List<dev.moorage.csi.proto.Snapshot> all = new ArrayList<>();
    for (Snapshot each : host.storage(action).snapshots().list(host.caller(), Optional.empty())) {
      if (each.owner().equals(host.settings().owner()) && isOf(each, asked.getSourceVolumeId())) {
        all.add(snapshots.message(action, each));
      }
    }
    all.sort(Comparator.comparing(dev.moorage.csi.proto.Snapshot::getSnapshotId));
    Pages<dev.moorage.csi.proto.Snapshot> pages = Pages.of(action, all, dev.moorage.csi.proto.Snapshot::getSnapshotId,
        asked.getMaxEntries(), asked.getStartingToken());
    pages.page().forEach(each -> response.addEntries(ListSnapshotsResponse.Entry.newBuilder().setSnapshot(each)));
    return response.setNextToken(pages.next()).build();
  }

  private static boolean isOf(Snapshot snapshot, String volume) {
    return volume.isEmpty() || VolumeHandle.parse(volume)
        .filter(handle -> handle.volume().equals(snapshot.volume()) && handle.pool().equals(snapshot.pool())).isPresent();
  }

  /** What the pool may still promise; nothing for a place that is not this node. */
  GetCapacityResponse capacity(GetCapacityRequest asked) throws VolumeException {
    String action = "get capacity";
    Parameters parameters = Parameters.ofVolume(action, asked.getParametersMap());
    for (VolumeCapability capability : asked.getVolumeCapabilitiesList()) {
      Usage.of(action, capability);
    }
    if (asked.hasAccessibleTopology() && !host.isAt(asked.getAccessibleTopology())) {
      return GetCapacityResponse.getDefaultInstance();
    }
    PoolStatus pool = host.storage(action).pools().status(parameters.pool());
    long free = pool.problem().isPresent() ? 0
        : pool.capacity().map(capacity -> Math.max(0, capacity.promisable() - pool.chargedBytes())).orElse(0L);
    return GetCapacityResponse.newBuilder().setAvailableCapacity(free).setMaximumVolumeSize(Int64Value.of(free))
        .setMinimumVolumeSize(Int64Value.of(LEAST_BYTES)).build();
  }

  ValidateVolumeCapabilitiesResponse validate(ValidateVolumeCapabilitiesRequest asked) throws VolumeException {
    String action = "validate volume " + Request.shown(asked.getVolumeId());
    String handle = new Request(action).need("volume_id", asked.getVolumeId());
    if (asked.getVolumeCapabilitiesCount() == 0) {
      throw new InvalidArgument(action, "the field volume_capabilities is missing", "Give at least one");
    }
    Volume volume = host.volume(action, handle);
    ValidateVolumeCapabilitiesResponse.Builder response = ValidateVolumeCapabilitiesResponse.newBuilder();
    try {
      for (Usage usage : Usage.all(action, asked.getVolumeCapabilitiesList())) {
        Optional<String> mismatch = usage.mismatch(volume);
        if (mismatch.isPresent()) {
          return response.setMessage(mismatch.get()).build();
        }
      }
      Parameters.ofVolume(action, asked.getParametersMap());
    } catch (InvalidArgument e) {
      return response.setMessage(e.reason()).build();
    }
    return response.setConfirmed(Confirmed.newBuilder().putAllVolumeContext(asked.getVolumeContextMap())
        .addAllVolumeCapabilities(asked.getVolumeCapabilitiesList()).putAllParameters(asked.getParametersMap())).build();
  }
}
