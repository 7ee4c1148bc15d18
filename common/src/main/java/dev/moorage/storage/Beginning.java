package dev.moorage.storage;

import dev.moorage.backend.Origin;
import dev.moorage.storage.OpenPool.Located;
import dev.moorage.storage.OpenPool.LocatedSnapshot;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.ContentSource;
import dev.moorage.volume.Owner;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.Unsupported;
import dev.moorage.volume.VolumeId;
import dev.moorage.volume.VolumeSpec;
import java.util.Optional;

/** What a new volume begins as, found. */
sealed interface Beginning {

  record Empty() implements Beginning {}

  /** A source that is not there: an error, unless the volume was made of it before. */
  record Missing(String what) implements Beginning {}

  /**
   * A remote snapshot: the volume is made at once, and filled in the background.
   *
   * @param identity the id that the volume shall have, when it continues the history of one that was lost
   */
  record OfRemote(RemoteSnapshot remote, SpecWords words, Optional<VolumeId> identity) implements Beginning {

    /** Throws Unsupported when this Moorage does not know such volumes. */
    static OfRemote of(String action, RemoteSnapshot found, Optional<VolumeId> identity) throws VolumeException {
      try {
        return new OfRemote(found, SpecWords.read(found.entry().spec(), found.entry().size()), identity);
      } catch (IllegalArgumentException e) {
        throw new Unsupported(action, "snapshot " + found.text() + " was made by another Moorage: " + e.getMessage(), "Update Moorage", e);
      }
    }
  }

  /** Nothing, because that name never had a snapshot. */
  record NeverSnapshotted(String label) implements Beginning {}

  record OfSnapshot(LocatedSnapshot located) implements Beginning {
    Snapshot snapshot() {
      return located.snapshot();
    }
  }

  record OfVolume(Located located) implements Beginning {
    /** As it is now: it may have grown since it was looked up. */
    Volume volume() {
      return located.pool().catalog().volume(located.volume().id()).orElse(located.volume());
    }
  }

  static Beginning find(Lookup lookup, CreateVolume.Source source) throws VolumeException {
    return switch (source) {
      case CreateVolume.Source.None _ -> new Empty();
      case CreateVolume.Source.OfSnapshot(var ref) ->
          lookup.snapshot(ref).<Beginning>map(OfSnapshot::new).orElse(new Missing("snapshot " + ref));
      case CreateVolume.Source.OfVolume(var ref) ->
          lookup.volume(ref).<Beginning>map(OfVolume::new).orElse(new Missing("volume " + ref));
    };
  }

  default Optional<LockKey> key() {
    return switch (this) {
      case Empty _, Missing _, NeverSnapshotted _, OfRemote _ -> Optional.empty();
      case OfSnapshot from -> Optional.of(LockKey.of(from.snapshot().id()));
      case OfVolume from -> Optional.of(LockKey.of(from.located().volume().id()));
    };
  }

  /** Throws when the source is not there, or went while its lock was waited for. */
  default void demandPresent(String action) throws VolumeException {
    switch (this) {
      case Empty _, NeverSnapshotted _, OfRemote _ -> { }
      case Missing(var what) -> throw Creation.missing(action, what);
      case OfSnapshot from -> Core.current(action, from.located());
      case OfVolume from -> Core.demandWhole(action, Core.current(action, from.located()));
    }
  }

  default Optional<OpenPool> pool() {
    return switch (this) {
      case Empty _, Missing _, NeverSnapshotted _, OfRemote _ -> Optional.empty();
      case OfSnapshot from -> Optional.of(from.located().pool());
      case OfVolume from -> Optional.of(from.located().pool());
    };
  }

  default Optional<VolumeSpec> spec() {
    return switch (this) {
      case Empty _, Missing _, NeverSnapshotted _ -> Optional.empty();
      case OfRemote from -> Optional.of(from.words().spec());
      case OfSnapshot from -> Optional.of(from.snapshot().spec());
      case OfVolume from -> Optional.of(from.volume().spec());
    };
  }

  default Optional<ByteSize> filesystemSize() {
    return switch (this) {
      case Empty _, Missing _, NeverSnapshotted _ -> Optional.empty();
      case OfRemote from -> Optional.of(from.words().filesystemSize());
      case OfSnapshot from -> Optional.of(from.snapshot().filesystemSize());
      case OfVolume from -> Optional.of(from.volume().filesystemSize());
    };
  }

  default Optional<VolumeId> lineage() {
    return switch (this) {
      case Empty _, Missing _, NeverSnapshotted _ -> Optional.empty();
      case OfRemote from -> Optional.of(from.remote().entry().origin().lineage());
      case OfSnapshot from -> Optional.of(from.snapshot().lineage());
      case OfVolume from -> Optional.of(from.volume().lineage());
    };
  }

  /** {@code host} is this host's name, and {@code asked} what the request wants. */
  default ContentSource source(String host, CreateVolume.Source asked) {
    return switch (this) {
      case Empty _, Missing _ -> new ContentSource.Empty();
      case NeverSnapshotted(var label) -> new ContentSource.NeverSnapshotted(label);
      case OfRemote from -> new ContentSource.FromRepository(from.remote().entry().snapshot(), from.remote().entry().label(),
          from.remote().place(), Optional.empty(), asked(asked, from.remote().entry().origin().host(), from.remote().entry().origin().owner()));
      case OfSnapshot from -> new ContentSource.FromSnapshot(from.snapshot().id(), from.snapshot().label(),
          asked(asked, host, from.snapshot().owner()));
      case OfVolume from -> new ContentSource.FromVolume(from.volume().id(), from.volume().name().value());
    };
  }

  private static Optional<ContentSource.Asked> asked(CreateVolume.Source source, String host, Owner owner) {
    return source instanceof CreateVolume.Source.OfSnapshot(var ref) ? Optional.of(new ContentSource.Asked(ref.toString(), host, owner))
        : Optional.empty();
  }

  default Origin origin() {
    return switch (this) {
      case Empty _, Missing _, NeverSnapshotted _ -> new Origin.Empty();
      case OfRemote _ -> new Origin.RestoreTarget();
      case OfSnapshot from -> new Origin.CloneOf(from.located().pool().catalog().home(from.snapshot()));
      case OfVolume from -> new Origin.CloneOf(from.located().pool().catalog().home(from.volume()),
          from.located().pool().stages().filesystem(from.volume()));
    };
  }
}
