package dev.moorage.docker;

import dev.moorage.volume.Owner;
import java.util.Arrays;
import java.util.Optional;

/** The calls of dockerd's protocol for volume plugins. */
enum DockerCall {
  ACTIVATE("/Plugin.Activate", "activate", false),
  CREATE("/VolumeDriver.Create", "create", true),
  REMOVE("/VolumeDriver.Remove", "remove", true),
  MOUNT("/VolumeDriver.Mount", "mount", true),
  UNMOUNT("/VolumeDriver.Unmount", "unmount", true),
  PATH("/VolumeDriver.Path", "find the path of", false),
  GET("/VolumeDriver.Get", "find", false),
  LIST("/VolumeDriver.List", "list", false),
  CAPABILITIES("/VolumeDriver.Capabilities", "tell", false);

  private final String path;
  private final String verb;
  private final boolean change;

  DockerCall(String path, String verb, boolean change) {
    this.path = path;
    this.verb = verb;
    this.change = change;
  }

  static Optional<DockerCall> at(String path) {
    return Arrays.stream(values()).filter(call -> call.path.equals(path)).findFirst();
  }

  /** What it does, as messages and audit lines begin. */
  String verb() {
    return verb;
  }

  /** What it does to which of dockerd's volumes, or to what else. */
  String actionOn(String volumeName) {
    return verb + " " + thing(volumeName);
  }

  String thing(String volumeName) {
    return switch (this) {
      case ACTIVATE -> "the plugin";
      case LIST -> "volumes";
      case CAPABILITIES -> "the capabilities";
      case CREATE, REMOVE, MOUNT, UNMOUNT, PATH, GET ->
          volumeName.isEmpty() ? "a volume" : "volume " + Owner.DOCKER + "/" + volumeName;
    };
  }

  /** Whether an audit line is due, whatever comes of it. */
  boolean isChange() {
    return change;
  }
}
