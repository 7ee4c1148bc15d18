package dev.moorage.csi;

import dev.moorage.volume.BackendKind;
import dev.moorage.volume.FilesystemType;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.RepositoryName;
import dev.moorage.volume.VolumeException.InvalidArgument;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** The parameters of StorageClasses and VolumeSnapshotClasses, all of them. What is not known is refused. */
public record Parameters(String action, Map<String, String> all) {

  private static final String POOL = "pool";
  private static final String BACKEND = "backend";
  private static final String FILESYSTEM = "fs";
  private static final String PREALLOCATE = "preallocate";
  private static final String REPOSITORY = "repository";

  /** What csi-provisioner and csi-snapshotter add by --extra-create-metadata; kept in the volume's record. */
  private static final String METADATA = "csi.storage.k8s.io/";

  /** Of a StorageClass. */
  public static Parameters ofVolume(String action, Map<String, String> all) throws InvalidArgument {
    return checked(action, all, Set.of(POOL, BACKEND, FILESYSTEM, PREALLOCATE));
  }

  static Parameters ofSnapshot(String action, Map<String, String> all) throws InvalidArgument {
    return checked(action, all, Set.of(REPOSITORY));
  }

  private static Parameters checked(String action, Map<String, String> all, Set<String> known) throws InvalidArgument {
    for (String key : all.keySet()) {
      if (!known.contains(key) && !key.startsWith(METADATA)) {
        throw new InvalidArgument(action, "there is no parameter '" + Request.shown(key) + "'",
            "There are: " + String.join(", ", new TreeSet<>(known)));
      }
    }
    return new Parameters(action, new Request(action).map("parameters", all));
  }

  /** The pool that is asked for by name. */
  public Optional<PoolName> pool() throws InvalidArgument {
    return read(POOL, PoolName::new);
  }

  /** The backend that is asked for. */
  public Optional<BackendKind> backend() throws InvalidArgument {
    return read(BACKEND, BackendKind::parse);
  }

  Optional<FilesystemType> filesystem() throws InvalidArgument {
    return read(FILESYSTEM, FilesystemType::parse);
  }

  boolean preallocated() throws InvalidArgument {
    return read(PREALLOCATE, Parameters::yesOrNo).orElse(false);
  }

  Optional<RepositoryName> repository() throws InvalidArgument {
    return read(REPOSITORY, RepositoryName::new);
  }

  private static boolean yesOrNo(String word) {
    return switch (word) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("it is neither true nor false");
    };
  }

  private <T> Optional<T> read(String key, Function<String, T> reader) throws InvalidArgument {
    String word = all.get(key);
    if (word == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(reader.apply(word));
    } catch (IllegalArgumentException e) {
      throw new InvalidArgument(action, "parameter " + key + ": " + e.getMessage(), "", e);
    }
  }
}
