package dev.moorage.csi;

import dev.moorage.csi.proto.VolumeCondition;
import dev.moorage.linux.FileOps;
import dev.moorage.linux.Mounts;
import dev.moorage.storage.PoolStatus;
import dev.moorage.volume.Access;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Whether something is wrong with a volume, as people can read it on its PVC. */
final class Condition {

  private Condition() {}

  static VolumeCondition of(String action, Host host, Volume volume) throws VolumeException {
    Optional<String> problem = problem(action, host, volume);
    return VolumeCondition.newBuilder().setAbnormal(problem.isPresent()).setMessage(problem.orElse("nothing is wrong")).build();
  }

  private static Optional<String> problem(String action, Host host, Volume volume) throws VolumeException {
    Optional<String> pool = host.pool(action, volume.pool()).flatMap(PoolStatus::problem);
    if (pool.isPresent()) {
      return pool;
    }
    Optional<Path> stage = host.storage(action).publications().mountPoint(volume.id());
    return stage.isPresent() && volume.spec().access() == Access.FILESYSTEM ? filesystemProblem(stage.get()) : Optional.empty();
  }

  /** A filesystem that met an error turns read-only (ext4) or answers nothing any more (XFS). */
  private static Optional<String> filesystemProblem(Path stage) {
    try {
      FileOps.inodes(stage);
      boolean readOnly = Mounts.at(stage).map(Mounts.Entry::readOnly).orElse(false);
      return readOnly ? Optional.of("its filesystem has turned read-only after an error; the kernel's log says which") : Optional.empty();
    } catch (IOException e) {
      return Optional.of("its filesystem does not answer: " + e.getMessage());
    }
  }
}
