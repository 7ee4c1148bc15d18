package dev.moorage.catalog;

import dev.moorage.backend.Origin;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Every operation of the catalog once or twice, always the same; a process of its own may be killed inside any of them. */
final class CrashScenario {

  private interface Step {
    void run(Fixture fixture) throws VolumeException;
  }

  private static final List<Step> STEPS = List.of(
      f -> f.create("a"),
      f -> f.write("a", "first"),
      f -> f.create("b"),
      f -> f.catalog.grow(f.volume("a").id(), ByteSize.ofBytes(2000)),
      f -> f.catalog.update(f.volume("a").withFilesystemSize(ByteSize.ofBytes(2000))),
      f -> f.cut("one", "a"),
      f -> f.cut("both", "a", "b"),
      f -> f.write("a", "second"),
      f -> f.catalog.createView(f.snapshot("a@one")),
      f -> f.catalog.replaceData(f.volume("a").withFilesystemSize(ByteSize.ofBytes(1000)),
          new Origin.CloneOf(f.catalog.home(f.snapshot("a@one")))),
      f -> f.catalog.deleteView(f.snapshot("a@one").id()),
      f -> f.catalog.trash(f.volume("b").id()),
      f -> f.catalog.restoreVolume(f.catalog.trashedVolumes().iterator().next().id(), new VolumeName("c")),
      f -> f.catalog.trash(f.snapshot("a@one").id()),
      f -> f.catalog.restoreSnapshot(f.catalog.trashedSnapshots().iterator().next().id()),
      f -> f.catalog.trash(f.snapshot("a@one").id()),
      f -> f.catalog.purge(f.catalog.trashedSnapshots().iterator().next().id()),
      f -> f.catalog.trash(f.volume("c").id()),
      f -> f.catalog.purge(f.catalog.trashedVolumes().iterator().next().id()),
      f -> f.catalog.update(f.volume("a").withName(new VolumeName("d"))),
      f -> f.catalog.create(f.draft("e", 2000), new Origin.CloneOf(f.catalog.home(f.snapshot("a@both")))));

  private CrashScenario() {}

  /** Runs all steps in the pool at the first argument and appends a line to the file at the second after each. */
  public static void main(String[] arguments) throws IOException, VolumeException {
    Fixture fixture = new Fixture(Path.of(arguments[0]));
    for (Step step : STEPS) {
      step.run(fixture);
      Files.writeString(Path.of(arguments[1]), "done\n", StandardOpenOption.APPEND);
    }
  }

  /** What exists before the first step and after each. */
  static List<String> summaries(Path directory) throws VolumeException {
    Fixture fixture = new Fixture(directory);
    List<String> summaries = new ArrayList<>(List.of(fixture.summary()));
    for (Step step : STEPS) {
      step.run(fixture);
      summaries.add(fixture.summary());
    }
    return summaries;
  }
}
