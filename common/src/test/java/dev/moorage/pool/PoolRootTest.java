package dev.moorage.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.volume.BackendKind;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PoolRootTest {

  @TempDir private Path directory;

  @Test
  void foreignContentIsRefusedByNameAndNothingIsTouched() throws IOException {
    for (String name : List.of("d", "c", "b", "a")) {
      Files.createFile(directory.resolve(name));
    }
    assertThatThrownBy(() -> Pools.open(PoolSettings.at(new PoolName("p"), directory)))
        .isInstanceOf(VolumeException.InvalidArgument.class)
        .hasMessage("cannot open pool p: " + directory.toRealPath() + " is not a pool and not empty: it has a, b, c. "
            + "Name an empty directory, or one that does not exist yet");
    assertThat(directory.toFile().list()).hasSize(4);
  }

  @Test
  void aFileInPlaceOfTheRootIsRefused() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> Pools.open(PoolSettings.at(new PoolName("p"), file)))
        .isInstanceOf(VolumeException.InvalidArgument.class)
        .hasMessageContaining("is not a directory");
  }

  @Test
  void whatAKilledMakingLeftIsNotForeign() throws IOException {
    PoolRoot root = new PoolRoot(directory);
    for (Path each : root.layout().directories()) {
      Files.createDirectory(each);
    }
    Files.createFile(root.lockFile());
    Files.createFile(root.unfinishedFile());
    Files.createFile(directory.resolve("pool.json.new"));
    assertThatCode(() -> root.refuseForeign("open pool p")).doesNotThrowAnyException();
  }

  @Test
  void volumesWithoutARecordAreNotTakenForAnEmptyPool() throws IOException {
    Files.createDirectories(directory.resolve("volumes/x"));
    assertThatThrownBy(() -> new PoolRoot(directory).refuseForeign("open pool p"))
        .isInstanceOf(VolumeException.InvalidArgument.class)
        .hasMessageContaining("pool.json is absent");
  }

  @Test
  void aRecordIsReadAsItWasWritten() throws IOException {
    PoolRecord record = new PoolRecord(PoolId.random(), new PoolName("fast"), List.of(BackendKind.IMAGE), Optional.of(1.5),
        Instant.parse("2026-08-23T10:00:00Z"));
    record.write(directory.resolve("pool.json"));
    assertThat(PoolRecord.read(directory.resolve("pool.json"))).isEqualTo(record);
  }

  @Test
  void thereIsNoPoolWhereNoneWasMadeAndABrokenRecordIsCorrupt() throws Exception {
    assertThat(Pools.identify(directory)).isEmpty();
    assertThat(Pools.identify(directory.resolve("absent"))).isEmpty();
    Files.writeString(directory.resolve("pool.json"), "{\"format\": 1}");
    assertThatThrownBy(() -> Pools.identify(directory)).isInstanceOf(VolumeException.Corrupt.class).hasMessageContaining("field 'id'");
    Files.writeString(directory.resolve("pool.json"), "{\"format\": 99}");
    assertThatThrownBy(() -> Pools.identify(directory)).isInstanceOf(VolumeException.Unsupported.class).hasMessageContaining("newer Moorage");
  }
}
