package dev.moorage.docker;

import java.time.Duration;

/**
 * How long calls may take. dockerd gives up Create and Mount after 2 minutes and the others after 1; an answer before that tells
 * the user why, and keeps what dockerd remembers of the volume.
 *
 * @param slow for Create and Mount, everything included
 * @param quick for the others, everything included
 * @param catalog how much of it may go by until the volumes are loaded, at start
 * @param patience how much of it may go by while another call works on the same volume: several containers start at once
 * @param status how long {@code docker volume inspect}, and each mount before it begins, may wait for the live part of a status
 */
record DockerTimes(Duration slow, Duration quick, Duration catalog, Duration patience, Duration status) {

  static final DockerTimes DEFAULT = new DockerTimes(Duration.ofSeconds(100), Duration.ofSeconds(50), Duration.ofSeconds(45),
      Duration.ofSeconds(30), Duration.ofSeconds(2));

  Duration of(DockerCall call) {
    return switch (call) {
      case CREATE, MOUNT -> slow;
      case ACTIVATE, REMOVE, UNMOUNT, PATH, GET, LIST, CAPABILITIES -> quick;
    };
  }
}
