package dev.moorage.storage;

import dev.moorage.volume.VolumeId;
import java.util.Optional;

/** What somebody asked for. {@code volume} is the one whose status shall tell when it fails. */
record Operation(String verb, String subject, Optional<VolumeId> volume) {

  static Operation of(String verb, String subject) {
    return new Operation(verb, subject, Optional.empty());
  }

  static Operation on(VolumeId volume, String verb, String subject) {
    return new Operation(verb, subject, Optional.of(volume));
  }

  /** Verb and thing, as messages begin. */
  String action() {
    return verb + " " + subject;
  }
}
