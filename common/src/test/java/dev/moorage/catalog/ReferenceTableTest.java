package dev.moorage.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table outlives the process and dies with the machine. */
class ReferenceTableTest {

  private static final ReferenceKey DB = new ReferenceKey.Counted("0123456789abcdef");
  private static final ReferenceKey POD = new ReferenceKey.Once("/pods/ä \"1\"");
  private static final VolumeId VOLUME = VolumeId.parse("7b0f2a51-6f5c-4c1e-8a77-0d6f3b7d9c01");
  private static final VolumeId OTHER = VolumeId.parse("7b0f2a51-6f5c-4c1e-8a77-0d6f3b7d9c02");

  @TempDir
  private Path temporary;

  private Path directory() {
    return temporary.resolve("run/references");
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(directory())) {
      return files.map(each -> each.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void whatWasNotedIsThereAfterARestart() throws Exception {
    ReferenceTable table = ReferenceTable.open(directory(), "boot");
    table.newEpoch();
    table.mounted(VOLUME, DB, false);
    table.mounted(VOLUME, DB, true);
    References noted = table.mounted(VOLUME, POD, true);
    ReferenceTable again = ReferenceTable.open(directory(), "boot");
    assertThat(again.of(VOLUME)).isEqualTo(noted);
    assertThat(again.epoch()).isEqualTo(1);
    assertThat(again.volumes()).containsExactly(VOLUME);
  }

  @Test
  void aVolumeWithoutReferencesHasNoFile() throws Exception {
    ReferenceTable table = ReferenceTable.open(directory(), "boot");
    table.mounted(VOLUME, DB, false);
    table.mounted(OTHER, DB, false);
    assertThat(files()).containsExactly(VOLUME + ".json", OTHER + ".json");
    table.unmounted(VOLUME, DB);
    table.forget(OTHER);
    table.forget(OTHER);
    assertThat(files()).isEmpty();
    assertThat(table.volumes()).isEmpty();
  }

  @Test
  void anotherBootBeginsAnew() throws Exception {
    ReferenceTable table = ReferenceTable.open(directory(), "boot");
    table.newEpoch();
    table.mounted(VOLUME, DB, false);
    ReferenceTable again = ReferenceTable.open(directory(), "another boot");
    assertThat(again.volumes()).isEmpty();
    assertThat(again.epoch()).isZero();
    assertThat(files()).isEmpty();
  }

  @Test
  void whatCannotBeReadIsDroppedAndHindersNothing() throws Exception {
    ReferenceTable table = ReferenceTable.open(directory(), "boot");
    table.mounted(VOLUME, DB, false);
    Files.writeString(directory().resolve(OTHER + ".json"), "{\"format\":1,\"boot\":\"boot\",\"references\":[{\"kind\":\"x\"}]}");
    Files.writeString(directory().resolve(VOLUME + ".json.new"), "{");
    Files.writeString(directory().resolve("notes.txt"), "text");
    ReferenceTable again = ReferenceTable.open(directory(), "boot");
    assertThat(again.volumes()).containsExactly(VOLUME);
    assertThat(files()).containsExactly(VOLUME + ".json");
  }

  @Test
  void theEpochOfThisRunIsUsedForItsMounts() throws Exception {
    ReferenceTable table = ReferenceTable.open(directory(), "boot");
    table.mounted(VOLUME, DB, false);
    table.newEpoch();
    assertThat(table.of(VOLUME).isStale(table.epoch())).isTrue();
    assertThat(table.mounted(VOLUME, DB, true).isStale(table.epoch())).isFalse();
    assertThat(table.unmounted(VOLUME, DB).isEmpty()).isFalse();
    assertThat(table.unmounted(VOLUME, DB).isEmpty()).isTrue();
  }
}
