package dev.moorage.docker;

import dev.moorage.storage.Consumer;
import dev.moorage.storage.CreateVolume;
import dev.moorage.volume.VolumeName;

/** A call of dockerd that makes sense. */
sealed interface DockerRequest {

  /** What it does to what, as messages begin. */
  default String action() {
    return switch (this) {
      case Activate _ -> DockerCall.ACTIVATE.actionOn("");
      case Create(var volume) -> DockerCall.CREATE.actionOn(volume.name().value());
      case Remove(var name) -> DockerCall.REMOVE.actionOn(name.value());
      case Mount(var name, var _) -> DockerCall.MOUNT.actionOn(name.value());
      case Unmount(var name, var _) -> DockerCall.UNMOUNT.actionOn(name.value());
      case PathOf(var name) -> DockerCall.PATH.actionOn(name.value());
      case Get(var name) -> DockerCall.GET.actionOn(name.value());
      case ListAll _ -> DockerCall.LIST.actionOn("");
      case Capabilities _ -> DockerCall.CAPABILITIES.actionOn("");
    };
  }

  record Activate() implements DockerRequest {}

  record Create(CreateVolume volume) implements DockerRequest {}

  record Remove(VolumeName name) implements DockerRequest {}

  record Mount(VolumeName name, Consumer consumer) implements DockerRequest {}

  record Unmount(VolumeName name, Consumer consumer) implements DockerRequest {}

  record PathOf(VolumeName name) implements DockerRequest {}

  record Get(VolumeName name) implements DockerRequest {}

  record ListAll() implements DockerRequest {}

  record Capabilities() implements DockerRequest {}
}
