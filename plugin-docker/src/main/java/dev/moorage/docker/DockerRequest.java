package dev.moorage.docker;

import dev.moorage.storage.Consumer;
import dev.moorage.storage.CreateVolume;
import dev.moorage.volume.VolumeName;

/** A call of dockerd that makes sense. */
sealed interface DockerRequest {

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
