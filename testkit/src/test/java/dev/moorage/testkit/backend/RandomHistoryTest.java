package dev.moorage.testkit.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.TestDisk;
import dev.moorage.volume.Access;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.FilesystemType;
import dev.moorage.volume.VolumeSpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The image backend and the model do the same in long random histories; a seed that fails once is added here for ever. */
@Tag("root")
@ExtendWith(LeakCheck.class)
class RandomHistoryTest {

  private static final VolumeSpec SPEC =
      new VolumeSpec(ByteSize.ofMebibytes(1), BackendKind.IMAGE, Access.BLOCK, FilesystemType.EXT4, false);

  private static void run(long seed, int steps) throws Exception {
    try (BackendFixture image = BackendFixture.plain(TestDisk.Kind.XFS, SPEC);
        BackendFixture model = BackendFixture.model(SPEC)) {
      RandomHistory history = new RandomHistory(seed, image, model);
      try {
        history.run(steps);
      } finally {
        image.clear();
        model.clear();
      }
    } catch (AssertionError | Exception e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void seedsThatAreTriedEveryTime(long seed) throws Exception {
    run(seed, 120);
  }

  @Test
  void aSeedThatWasNeverTried() throws Exception {
    run(System.nanoTime(), 120);
  }

  @Test
  @Tag("soak")
  void manySeeds() throws Exception {
    long first = System.nanoTime();
    for (long seed = first; seed < first + 100; seed++) {
      run(seed, 400);
    }
    assertThat(first).isPositive();
  }
}
