package dev.moorage.docker;

import java.util.Arrays;
import java.util.Optional;

/** The calls of dockerd's protocol for volume plugins. */
enum DockerCall {
  ACTIVATE("/Plugin.Activate", "activate", false),
  CREATE("/VolumeDriver.Create", "create volume", true),
  REMOVE("/VolumeDriver.Remove", "remove volume", true),
  MOUNT("/VolumeDriver.Mount", "mount volume", true),
  UNMOUNT("/VolumeDriver.Unmount", "unmount volume", true),
  PATH("/VolumeDriver.Path", "find the path of volume", false),
  GET("/VolumeDriver.Get", "find volume", false),
  LIST("/VolumeDriver.List", "list volumes", false),
  CAPABILITIES("/VolumeDriver.Capabilities", "tell capabilities", false);

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

  /** Whether an audit line is due, whatever comes of it. */
  boolean isChange() {
    return change;
  }
}
