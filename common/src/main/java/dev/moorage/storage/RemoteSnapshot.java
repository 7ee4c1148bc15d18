package dev.moorage.storage;

import dev.moorage.repository.Repository;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.volume.RemotePlace;

/** A snapshot that was found in a repository, which has {@code name} on this host. */
record RemoteSnapshot(String name, Repository repository, SnapshotEntry entry) {

  RemotePlace place() {
    return new RemotePlace(name, repository.header().id().value(), entry.seat().volume(), entry.seat().seq());
  }

  /** Whose it is: names are unique for a host and an owner. */
  String group() {
    return entry.origin().host() + "/" + entry.origin().owner();
  }

  /** Such as {@code vault:alpha/docker/db@before}. */
  String text() {
    return name + ":" + group() + "/" + entry.label();
  }

  /** Such as {@code vault:ID (db@before of TIME)}, where the names are the same. */
  String textById() {
    return name + ":" + entry.snapshot() + " (" + entry.label() + " of " + entry.cutAt() + ")";
  }
}
