package dev.moorage.csi;

import dev.moorage.csi.node.proto.Concern;
import dev.moorage.csi.node.proto.ConcernsResponse;
import dev.moorage.storage.Job;
import dev.moorage.storage.PoolStatus;
import dev.moorage.storage.SnapshotRef;
import dev.moorage.storage.Storage;
import dev.moorage.storage.TransferStatus;
import dev.moorage.storage.VolumeRef;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What of this node and its volumes somebody should know: uploads that fail or lag, restores under way, pools that are nearly full. */
record Concerns(Host host, Clock clock) {

  private static final String CLAIM_NAMESPACE = "csi.storage.k8s.io/pvc/namespace";
  private static final String CLAIM_NAME = "csi.storage.k8s.io/pvc/name";

  /** An upload that takes longer is behind: the next snapshot may be cut before. */
  private static final Duration LAG = Duration.ofHours(1);

  /** Below this part of what a pool may promise, somebody should look for room. */
  private static final int NEARLY_FULL_PERCENT = 10;

  ConcernsResponse tell() throws VolumeException {
    Storage storage = host.storage("tell what somebody should know");
    List<Concern> all = new ArrayList<>();
    for (TransferStatus.Upload upload : storage.uploads().waiting()) {
      Optional<Snapshot> snapshot = storage.snapshots().find(host.caller(), new SnapshotRef.ById(upload.snapshot()));
      Optional<Volume> volume = snapshot.isEmpty() ? Optional.empty()
          : storage.volumes().find(host.caller(), new VolumeRef.ById(snapshot.get().volume()));
      Optional<Concern.Builder> concern = upload(upload);
      if (volume.isPresent() && concern.isPresent()) {
        of(volume.get(), concern.get()).ifPresent(all::add);
      }
    }
    for (Volume volume : storage.volumes().list(Optional.of(host.settings().owner()))) {
      if (volume.awaitsRestore()) {
        String how = storage.volumes().status(host.caller(), new VolumeRef.ById(volume.id())).activity().orElse("it waits");
        of(volume, Concern.newBuilder().setReason("Restoring").setMessage("its data comes from a repository: " + how)).ifPresent(all::add);
      }
    }
    storage.pools().list().forEach(pool -> pool(pool).ifPresent(all::add));
    return ConcernsResponse.newBuilder().addAllConcerns(all).build();
  }

  private Optional<Concern.Builder> upload(TransferStatus.Upload upload) {
    String what = "snapshot " + upload.label() + " to repository " + upload.repository();
    if (upload.job().state() == Job.State.FAILED) {
      return Optional.of(Concern.newBuilder().setWarning(true).setReason("UploadFailed")
          .setMessage("the upload of " + what + " failed: " + upload.job().error().orElse("the node's log says why")));
    }
    Duration age = Duration.between(upload.cutAt(), clock.instant());
    return age.compareTo(LAG) < 0 ? Optional.empty() : Optional.of(Concern.newBuilder().setWarning(true).setReason("UploadLags")
        .setMessage("the upload of " + what + " is not done after " + age.toMinutes() + " minutes: "
            + upload.job().note().orElse(upload.job().inWords())));
  }

  /** About its claim, when csi-provisioner told which one that is. */
  private static Optional<Concern> of(Volume volume, Concern.Builder concern) {
    String name = volume.parameters().getOrDefault(CLAIM_NAME, "");
    String namespace = volume.parameters().getOrDefault(CLAIM_NAMESPACE, "");
    return name.isEmpty() || namespace.isEmpty() ? Optional.empty()
        : Optional.of(concern.setClaimName(name).setClaimNamespace(namespace).build());
  }

  private static Optional<Concern> pool(PoolStatus pool) {
    String name = "pool " + pool.settings().name();
    if (pool.problem().isPresent()) {
      return Optional.of(Concern.newBuilder().setWarning(true).setReason("PoolProblem").setMessage(name + ": " + pool.problem().get()).build());
    }
    long capacity = pool.capacity().map(each -> each.promisable()).orElse(0L);
    long left = capacity - pool.chargedBytes();
    return left * 100 >= capacity * NEARLY_FULL_PERCENT ? Optional.empty() : Optional.of(Concern.newBuilder().setWarning(true)
        .setReason("PoolNearlyFull").setMessage(name + " has promised all but " + Math.max(0, left) + " of " + capacity
            + " bytes; enlarge it, or delete volumes and snapshots that nobody needs").build());
  }
}
