package dev.moorage.storage;

import dev.moorage.backend.BackendFeature;
import dev.moorage.backend.Origin;
import dev.moorage.failpoint.Failpoint;
import dev.moorage.filesystem.Filesystem;
import dev.moorage.storage.OpenPool.Located;
import dev.moorage.volume.Access;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.FilesystemType;
import dev.moorage.volume.SizeRange;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.NotFound;
import dev.moorage.volume.VolumeException.OutOfRange;
import dev.moorage.volume.VolumeException.Unsupported;
import dev.moorage.volume.VolumeId;
import dev.moorage.volume.VolumeSpec;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One request for a volume on its way to becoming one: defaults filled in, everything checked that can be before disk is touched. */
final class Creation {

  private static final int SECTOR_BYTES = 4096;

  private final Core core;
  private final CreateVolume request;
  private final String action;
  private Beginning beginning;

  Creation(Core core, CreateVolume request, String action, Beginning beginning) {
    this.core = core;
    this.request = request;
    this.action = action;
    this.beginning = beginning;
  }

  /** The volume that an equal request made before, or a new one. Call with the locks of the name and of the beginning. */
  Volume run() throws VolumeException {
    Optional<Located> existing = core.pools().volume(request.owner(), request.name());
    if (existing.isPresent()) {
      SameRequest.demand(action, request, beginning, existing.get());
      return existing.get().volume();
    }
    if (beginning instanceof Beginning.Missing && request.source() instanceof CreateVolume.Source.OfSnapshot(SnapshotRef ref)) {
      beginning = remote(ref);
    }
    beginning.demandPresent(action);
    OpenPool pool = pool();
    VolumeSpec spec = spec(pool);
    Volume draft = draft(pool, spec);
    Origin origin = beginning.origin();
    long written = spec.preallocated() ? spec.size().bytes() : 0;
    Volume volume = core.room().with(pool, spec.size().bytes(), written, () -> pool.catalog().create(draft, origin));
    if (volume.awaitsRestore()) {
      Failpoint.RESTORE_TARGET_MADE.reach();
      new Restores(core).ensure(action, pool, volume);
    }
    return volume;
  }

  /** What no local snapshot answers may be in a repository. */
  private Beginning remote(SnapshotRef ref) throws VolumeException {
    return switch (new RemoteLookup(core, action).find(ref)) {
      case RemoteLookup.Answer.NeverHadAny _ -> new Beginning.NeverSnapshotted(ref.toString());
      case RemoteLookup.Answer.Found(RemoteSnapshot found) -> Beginning.OfRemote.of(action, found, Optional.empty());
    };
  }

  private OpenPool pool() throws VolumeException {
    Optional<OpenPool> source = beginning.pool();
    if (request.pool().isEmpty() && source.isPresent()) {
      return source.get();
    }
    OpenPool chosen = core.pools().required(action, request.pool());
    if (source.isPresent() && !source.get().id().equals(chosen.id())) {
      throw new InvalidArgument(action, "the source is in pool " + source.get().name() + " and its blocks cannot be shared with pool "
          + chosen.name(), "Leave pool out, or name pool " + source.get().name());
    }
    return chosen;
  }

  private VolumeSpec spec(OpenPool pool) throws VolumeException {
    Optional<VolumeSpec> source = beginning.spec();
    BackendKind backend = backend(pool, source);
    Access access = same("access", request.access(), source.map(VolumeSpec::access), Access::word, Access.FILESYSTEM);
    FilesystemType filesystem =
        same("filesystem", request.filesystem(), source.map(VolumeSpec::filesystem), FilesystemType::word, FilesystemType.EXT4);
    demandPowers(pool, backend, access);
    ByteSize size = size(pool, backend, access, filesystem, source);
    return new VolumeSpec(size, backend, access, filesystem, request.preallocated());
  }

  private BackendKind backend(OpenPool pool, Optional<VolumeSpec> source) throws VolumeException {
    List<BackendKind> allowed = pool.pool().settings().backends();
    BackendKind chosen = same("backend", request.backend(), source.map(VolumeSpec::backend), BackendKind::word, allowed.getFirst());
    if (!allowed.contains(chosen)) {
      throw new InvalidArgument(action, "pool " + pool.name() + " has no backend " + chosen.word(),
          "It has: " + allowed.stream().map(BackendKind::word).collect(Collectors.joining(", ")));
    }
    return chosen;
  }

  /** What the request says, which must be what the source has, when there is one. */
  private <T> T same(String what, Optional<T> asked, Optional<T> source, Function<T, String> word, T byDefault)
      throws VolumeException {
    if (asked.isPresent() && source.isPresent() && !asked.get().equals(source.get())) {
      throw new InvalidArgument(action, "the source has " + what + " " + word.apply(source.get()) + " and a clone of it cannot have "
          + word.apply(asked.get()), "Leave " + what + " out");
    }
    return asked.or(() -> source).orElse(byDefault);
  }

  private void demandPowers(OpenPool pool, BackendKind backend, Access access) throws VolumeException {
    if (access == Access.BLOCK) {
      demand(pool, backend, BackendFeature.BLOCK_ACCESS, "gives no raw devices");
    }
    if (request.preallocated()) {
      demand(pool, backend, BackendFeature.PREALLOCATE, "cannot claim space in advance");
    }
    switch (beginning) {
      case Beginning.Empty _, Beginning.Missing _, Beginning.NeverSnapshotted _ -> { }
      case Beginning.OfRemote _ -> demand(pool, backend, BackendFeature.CHANGED_RANGES, "cannot take a remote snapshot");
      case Beginning.OfSnapshot _ -> demand(pool, backend, BackendFeature.SNAPSHOT, "has no snapshots");
      case Beginning.OfVolume _ -> demand(pool, backend, BackendFeature.CLONE, "cannot clone");
    }
    if (request.preallocated() && beginning.spec().isPresent()) {
      throw new InvalidArgument(action, "a clone shares its source's blocks, so it cannot claim all of its own in advance",
          "Leave preallocated out");
    }
  }

  private void demand(OpenPool pool, BackendKind backend, BackendFeature feature, String lack) throws VolumeException {
    if (!pool.catalog().backend(backend).profile().has(feature)) {
      throw new Unsupported(action, "backend " + backend.word() + " " + lack, "Use backend=image");
    }
  }

  private ByteSize size(OpenPool pool, BackendKind backend, Access access, FilesystemType filesystem, Optional<VolumeSpec> source)
      throws VolumeException {
    ByteSize byDefault = source.map(VolumeSpec::size).orElse(pool.pool().settings().defaultSize());
    SizeRange asked = request.size().orElse(SizeRange.atLeast(byDefault));
    ByteSize size = asked.required().bytes() == 0 ? least(byDefault, asked.limit()) : asked.required();
    if (backend == BackendKind.DIRECTORY) {
      return size;
    }
    size = size.roundUpTo(SECTOR_BYTES);
    if (asked.limit().isPresent() && size.compareTo(asked.limit().get()) > 0) {
      throw new OutOfRange(action, "a volume has whole pieces of " + SECTOR_BYTES + " bytes, and none of them lies between "
          + asked.required().bytes() + " and " + asked.limit().get().bytes(), "Ask for " + size.bytes() + " bytes");
    }
    if (source.isPresent()) {
      size = atLeast(size, source.get().size(), asked, "the source has");
    } else if (access == Access.FILESYSTEM) {
      size = atLeast(size, Filesystem.of(filesystem).minimum(), asked, "the smallest " + filesystem.word() + " volume has");
    } else {
      size = atLeast(size, ByteSize.ofBytes(SECTOR_BYTES), asked, "the smallest volume has");
    }
    return size;
  }

  private static ByteSize least(ByteSize size, Optional<ByteSize> limit) {
    return limit.filter(each -> each.compareTo(size) < 0).orElse(size);
  }

  private ByteSize atLeast(ByteSize size, ByteSize minimum, SizeRange asked, String who) throws VolumeException {
    if (size.compareTo(minimum) >= 0) {
      return size;
    }
    if (asked.limit().isPresent() && asked.limit().get().compareTo(minimum) < 0) {
      throw new OutOfRange(action, who + " " + minimum + " and " + asked.required() + " were asked for", "Ask for at least " + minimum);
    }
    return minimum;
  }

  private Volume draft(OpenPool pool, VolumeSpec spec) {
    Optional<VolumeId> identity = beginning instanceof Beginning.OfRemote remote ? remote.identity() : Optional.empty();
    VolumeId id = identity.orElseGet(VolumeId::random);
    ByteSize filesystemSize = spec.access() == Access.BLOCK ? spec.size() : beginning.filesystemSize().orElse(spec.size());
    return new Volume(id, request.owner(), request.name(), pool.id(), spec, request.size().orElse(SizeRange.atLeast(spec.size())),
        beginning.source(core.host(), request.source()), beginning.lineage().orElse(id), request.capabilities(), request.parameters(),
        core.clock().instant(), filesystemSize, Optional.empty());
  }

  /** The error for a source that is not there. */
  static NotFound missing(String action, String what) {
    return new NotFound(action, "there is no " + what, "moorage snapshot ls and moorage volume ls show what there is");
  }
}
