package dev.moorage.csi;

import dev.moorage.csi.proto.VolumeCapability;
import dev.moorage.csi.proto.VolumeCapability.AccessMode.Mode;
import dev.moorage.linux.Mounts;
import dev.moorage.volume.Access;
import dev.moorage.volume.FilesystemType;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException.InvalidArgument;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How somebody means to use a volume: one capability of a request, checked.
 *
 * @param filesystem the one that was asked for by name
 * @param flags of its mounts
 */
public record Usage(Access access, Optional<FilesystemType> filesystem, Set<Mounts.Flag> flags, Mode mode) {

  private static final Map<String, Optional<Mounts.Flag>> FLAGS = Map.ofEntries(
      Map.entry("ro", Optional.of(Mounts.Flag.READ_ONLY)),
      Map.entry("noatime", Optional.of(Mounts.Flag.NO_ATIME)),
      Map.entry("nodiratime", Optional.of(Mounts.Flag.NO_DIR_ATIME)),
      Map.entry("nosuid", Optional.of(Mounts.Flag.NO_SUID)),
      Map.entry("nodev", Optional.of(Mounts.Flag.NO_DEV)),
      Map.entry("noexec", Optional.of(Mounts.Flag.NO_EXEC)),
      // What every volume has anyway.
      Map.entry("rw", Optional.empty()),
      Map.entry("relatime", Optional.empty()),
      Map.entry("defaults", Optional.empty()),
      Map.entry("discard", Optional.empty()),
      Map.entry("nouuid", Optional.empty()));

  /** Checks one capability. */
  public static Usage of(String action, VolumeCapability capability) throws InvalidArgument {
    Mode mode = mode(action, capability.getAccessMode().getMode());
    return switch (capability.getAccessTypeCase()) {
      case BLOCK -> new Usage(Access.BLOCK, Optional.empty(), Set.of(), mode);
      case MOUNT -> new Usage(Access.FILESYSTEM, filesystem(action, capability.getMount().getFsType()),
          flags(action, capability.getMount().getMountFlagsList()), mode);
      case ACCESSTYPE_NOT_SET -> throw new InvalidArgument(action, "a volume capability says neither block nor mount", "Say one");
    };
  }

  /** All of a request, which must agree on what they want; at least one. */
  static List<Usage> all(String action, List<VolumeCapability> capabilities) throws InvalidArgument {
    if (capabilities.isEmpty()) {
      throw new InvalidArgument(action, "the field volume_capabilities is missing", "Give at least one");
    }
    List<Usage> usages = new ArrayList<>();
    for (VolumeCapability capability : capabilities) {
      usages.add(of(action, capability));
    }
    Usage first = usages.getFirst();
    for (Usage each : usages) {
      if (each.access != first.access || !each.filesystem.equals(first.filesystem)) {
        throw new InvalidArgument(action, "the volume capabilities want different things, and a volume is one of them",
            "Ask for block or for one filesystem");
      }
    }
    return usages;
  }

  private static Mode mode(String action, Mode mode) throws InvalidArgument {
    return switch (mode) {
      case SINGLE_NODE_WRITER, SINGLE_NODE_READER_ONLY, SINGLE_NODE_SINGLE_WRITER, SINGLE_NODE_MULTI_WRITER -> mode;
      case MULTI_NODE_READER_ONLY, MULTI_NODE_SINGLE_WRITER, MULTI_NODE_MULTI_WRITER -> throw new InvalidArgument(action,
          "access mode " + mode + " needs several nodes, and a volume is on a disk of one", "Use ReadWriteOnce or ReadWriteOncePod");
      case UNKNOWN, UNRECOGNIZED -> throw new InvalidArgument(action, "a volume capability has no access mode", "Give one");
    };
  }

  private static Optional<FilesystemType> filesystem(String action, String word) throws InvalidArgument {
    try {
      return word.isEmpty() ? Optional.empty() : Optional.of(FilesystemType.parse(word));
    } catch (IllegalArgumentException e) {
      throw new InvalidArgument(action, String.valueOf(e.getMessage()), "", e);
    }
  }

  private static Set<Mounts.Flag> flags(String action, List<String> words) throws InvalidArgument {
    Set<Mounts.Flag> flags = EnumSet.noneOf(Mounts.Flag.class);
    for (String line : words) {
      for (String word : line.split(",", -1)) {
        Optional<Mounts.Flag> flag = FLAGS.get(word);
        if (flag == null) {
          throw new InvalidArgument(action, "there is no mount flag '" + Request.shown(word) + "'",
              "There are: " + String.join(", ", FLAGS.keySet().stream().sorted().toList()));
        }
        flag.ifPresent(flags::add);
      }
    }
    return flags;
  }

  /** Whether nothing may be written in this mode. */
  boolean isReadOnly() {
    return mode == Mode.SINGLE_NODE_READER_ONLY || flags.contains(Mounts.Flag.READ_ONLY);
  }

  /** Why the volume cannot be used so; empty when it can. */
  Optional<String> mismatch(Volume volume) {
    if (volume.spec().access() != access) {
      return Optional.of("the volume has access " + volume.spec().access().word() + ", not " + access.word());
    }
    if (filesystem.isPresent() && filesystem.get() != volume.spec().filesystem()) {
      return Optional.of("the volume holds " + volume.spec().filesystem().word() + ", not " + filesystem.get().word());
    }
    return Optional.empty();
  }

  /** As the record of a volume has it, for comparing a repeated request. */
  String word() {
    String what = access == Access.BLOCK ? access.word() : access.word() + ":" + filesystem.map(FilesystemType::word).orElse("");
    return what + ":" + mode + flags.stream().sorted().map(flag -> ":" + flag).reduce("", String::concat);
  }
}
