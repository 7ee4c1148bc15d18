package dev.moorage.docker;

import dev.moorage.config.Nearest;
import dev.moorage.pool.PoolSettings;
import dev.moorage.storage.CreateVolume;
import dev.moorage.storage.SnapshotRef;
import dev.moorage.storage.VolumeRef;
import dev.moorage.volume.Access;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.FilesystemType;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.SizeRange;
import dev.moorage.volume.VolumeName;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The options of {@code docker volume create -d moorage -o KEY=VALUE}. Nothing that may change later is among them, because
 * Compose wants to make a volume anew, empty, when its options change.
 */
enum CreateOptions {
  SIZE("such as 10G; without it the source's size or the pool's default, " + PoolSettings.DEFAULT_SIZE
      + " unless the pool says otherwise"),
  POOL("the name of a pool"),
  BACKEND(BackendKind.words()),
  FS(FilesystemType.words()),
  ACCESS(Access.words() + "; with block the mount is a directory whose one entry, device, is the device"),
  FROM("a snapshot to begin as, such as db@before, or in a repository [REPOSITORY:][HOST/]db@latest"),
  CLONE("a volume to begin as a copy of");

  private static final int TYPING_MISTAKES = 2;

  private final String meaning;

  CreateOptions(String meaning) {
    this.meaning = meaning;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The request for a volume of that name with those options.
   *
   * @throws IllegalArgumentException with a sentence for the user
   */
  static CreateVolume read(VolumeName name, Map<String, String> options) {
    for (String word : options.keySet()) {
      demandKnown(word);
    }
    if (options.containsKey(FROM.word()) && options.containsKey(CLONE.word())) {
      throw new IllegalArgumentException("the options from and clone exclude each other: a volume begins as one thing");
    }
    return new CreateVolume(Owner.DOCKER, name,
        POOL.value(options, PoolName::new),
        BACKEND.value(options, BackendKind::parse),
        SIZE.value(options, SizeRange::parse),
        ACCESS.value(options, Access::parse),
        FS.value(options, FilesystemType::parse),
        false,
        source(options),
        List.of(),
        options);
  }

  private static CreateVolume.Source source(Map<String, String> options) {
    return FROM.<CreateVolume.Source>value(options, text -> new CreateVolume.Source.OfSnapshot(SnapshotRef.parse(text)))
        .or(() -> CLONE.value(options, text -> new CreateVolume.Source.OfVolume(VolumeRef.parse(text))))
        .orElseGet(CreateVolume.Source.None::new);
  }

  private <T> Optional<T> value(Map<String, String> options, Function<String, T> reading) {
    String text = options.get(word());
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(reading.apply(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("option " + word() + ": " + e.getMessage(), e);
    }
  }

  private static void demandKnown(String word) {
    List<String> words = Arrays.stream(values()).map(CreateOptions::word).toList();
    if (!words.contains(word)) {
      String shown = Wire.printable(word);
      String nearest = Nearest.to(shown, words, TYPING_MISTAKES).map(each -> "; did you mean " + each + "?").orElse(";");
      throw new IllegalArgumentException("there is no option '" + shown + "'" + nearest + " There are: " + meanings());
    }
  }

  private static String meanings() {
    return Arrays.stream(values())
        .map(option -> option.word() + " (" + option.meaning + ")")
        .collect(Collectors.joining(", "));
  }
}
