package dev.moorage.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeId;
import dev.moorage.volume.VolumeName;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A pool with many volumes opens within the budget of a start, which is 3 s with ten thousand. Counted is processor time: what else
 * runs on the machine is not the catalog's doing.
 */
class CatalogSpeedTest {

  private static final System.Logger LOG = System.getLogger(CatalogSpeedTest.class.getName());
  private static final OperatingSystemMXBean MACHINE = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  @TempDir
  private Path directory;

  @Test
  void twoThousandVolumesAreOpenInAMoment() throws Exception {
    opensWithin(Duration.ofSeconds(2), 2_000);
  }

  @Tag("soak")
  @Test
  void tenThousandVolumesAreOpenWithinTheBudget() throws Exception {
    opensWithin(Duration.ofSeconds(3), 10_000);
  }

  private void opensWithin(Duration budget, int volumes) throws Exception {
    Fixture fixture = new Fixture(directory);
    Volume model = fixture.draft("model", 1000);
    for (int i = 0; i < volumes; i++) {
      make(fixture, model, i);
    }
    long begun = System.nanoTime();
    long cpuBegun = MACHINE.getProcessCpuTime();
    fixture.reopen();
    Duration cpu = Duration.ofNanos(MACHINE.getProcessCpuTime() - cpuBegun);
    LOG.log(System.Logger.Level.INFO, "opened {0} volumes in {1} ms, {2} ms of processor time", volumes,
        (System.nanoTime() - begun) / 1_000_000, cpu.toMillis());
    assertThat(fixture.catalog.volumes()).hasSize(volumes);
    assertThat(fixture.catalog.problems()).isEmpty();
    assertThat(cpu).isLessThan(budget);
  }

  /** The record alone, without the flushes of a real create. */
  private static void make(Fixture fixture, Volume model, int number) throws IOException {
    VolumeId id = new VolumeId(new UUID(number, number));
    Path home = Files.createDirectory(fixture.pool.layout().volume(id));
    Volume volume = new Volume(id, model.owner(), new VolumeName("v" + number), model.pool(), model.spec(), model.requested(),
        model.source(), id, model.capabilities(), model.parameters(), model.createdAt(), model.filesystemSize(), model.deletedAt());
    Files.write(home.resolve(VolumeRecord.FILE), VolumeRecord.fields(volume).toBytes());
  }
}
