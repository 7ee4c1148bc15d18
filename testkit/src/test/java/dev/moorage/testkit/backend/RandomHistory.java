package dev.moorage.testkit.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.backend.Cut;
import dev.moorage.backend.Home;
import dev.moorage.backend.Origin;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * One random history, done by a backend and by the model side by side. After each step what was touched is compared slot by slot;
 * at the end everything is. Raw devices, so that a slot is a block and nothing else writes.
 */
final class RandomHistory {

  private static final int VOLUMES_MAX = 6;
  private static final int SLOTS = 256;
  private static final ByteSize STEP = ByteSize.ofBytes(4096 * 16);

  private enum Step { WRITE, WRITE_MORE, CUT, CUT_TOGETHER, CLONE, COPY, ROLLBACK, GROW, DELETE_VOLUME, DELETE_SNAPSHOT, MAKE }

  /** One volume or snapshot on both sides. */
  private record Twin(Home real, Home model, VolumeSpec spec) {}

  private final Random random;
  private final BackendFixture real;
  private final BackendFixture model;
  private final List<Twin> volumes = new ArrayList<>();
  private final List<Twin> snapshots = new ArrayList<>();
  private long nextValue = 1;

  RandomHistory(long seed, BackendFixture real, BackendFixture model) {
    this.random = new Random(seed);
    this.real = real;
    this.model = model;
  }

  void run(int steps) throws Exception {
    make(real.spec(), new Origin.Empty(), new Origin.Empty());
    for (int count = 0; count < steps; count++) {
      step(Step.values()[random.nextInt(Step.values().length)]);
    }
    for (Twin twin : volumes) {
      compare(twin);
    }
    for (Twin twin : snapshots) {
      compare(twin);
    }
  }

  private void step(Step step) throws Exception {
    if (volumes.isEmpty() || step == Step.MAKE) {
      make(real.spec(), new Origin.Empty(), new Origin.Empty());
      return;
    }
    Twin twin = pick(volumes);
    switch (step) {
      case WRITE, WRITE_MORE -> write(twin);
      case CUT -> cut(List.of(twin));
      case CUT_TOGETHER -> cut(List.copyOf(volumes));
      case CLONE -> cloneOf(random.nextBoolean() || snapshots.isEmpty() ? twin : pick(snapshots));
      case COPY -> make(twin.spec, new Origin.CopyOf(twin.real, _ -> {}), new Origin.CopyOf(twin.model, _ -> {}));
      case ROLLBACK -> rollBack(twin);
      case GROW -> grow(twin);
      case DELETE_VOLUME -> delete(volumes, twin);
      case DELETE_SNAPSHOT -> {
        if (!snapshots.isEmpty()) {
          delete(snapshots, pick(snapshots));
        }
      }
      case MAKE -> throw new AssertionError("BUG: done above");
    }
  }

  private Twin pick(List<Twin> from) {
    return from.get(random.nextInt(from.size()));
  }

  private Optional<Twin> make(VolumeSpec spec, Origin realOrigin, Origin modelOrigin) throws Exception {
    if (volumes.size() >= VOLUMES_MAX) {
      delete(volumes, volumes.getFirst());
      return Optional.empty();
    }
    Twin twin = new Twin(real.make(spec, realOrigin), model.make(spec, modelOrigin), spec);
    volumes.add(twin);
    compare(twin);
    return Optional.of(twin);
  }

  private void write(Twin twin) throws Exception {
    try (Consumer one = real.use(twin.real, twin.spec);
        Consumer two = model.use(twin.model, twin.spec)) {
      int slots = (int) (twin.spec.size().bytes() / 4096);
      for (int count = random.nextInt(1, 20); count > 0; count--) {
        int slot = random.nextInt(slots);
        long value = nextValue++;
        one.writeWithoutSync(slot, value);
        two.writeWithoutSync(slot, value);
      }
      if (random.nextInt(3) == 0) {
        // A cut while it is attached and dirty; the model is a plain file and has it all at once.
        cut(List.of(twin));
      }
    }
    compare(twin);
  }

  private void cut(List<Twin> members) throws Exception {
    List<Cut> realCuts = new ArrayList<>();
    List<Cut> modelCuts = new ArrayList<>();
    for (Twin member : members) {
      Twin snapshot = new Twin(real.homeIn(real.pool().layout().snapshots()), model.homeIn(model.pool().layout().snapshots()),
          member.spec);
      realCuts.add(new Cut(member.real, snapshot.real, Optional.empty()));
      modelCuts.add(new Cut(member.model, snapshot.model, Optional.empty()));
      snapshots.add(snapshot);
    }
    real.backend().cut(realCuts);
    model.backend().cut(modelCuts);
    while (snapshots.size() > 2 * VOLUMES_MAX) {
      delete(snapshots, snapshots.getFirst());
    }
  }

  private void cloneOf(Twin source) throws Exception {
    VolumeSpec spec = random.nextBoolean() ? source.spec : source.spec.withSize(source.spec.size().plus(STEP));
    make(spec, new Origin.CloneOf(source.real), new Origin.CloneOf(source.model));
  }

  private void rollBack(Twin twin) throws Exception {
    if (snapshots.isEmpty()) {
      return;
    }
    Twin past = pick(snapshots);
    Home realPast = real.make(past.spec, new Origin.CloneOf(past.real));
    Home modelPast = model.make(past.spec, new Origin.CloneOf(past.model));
    real.backend().replace(twin.real, realPast);
    model.backend().replace(twin.model, modelPast);
    volumes.remove(twin);
    Twin now = new Twin(twin.real, twin.model, past.spec);
    volumes.add(now);
    compare(now);
  }

  private void grow(Twin twin) throws Exception {
    VolumeSpec spec = twin.spec.withSize(twin.spec.size().plus(STEP));
    real.backend().grow(twin.real, spec);
    model.backend().grow(twin.model, spec);
    volumes.remove(twin);
    volumes.add(new Twin(twin.real, twin.model, spec));
  }

  private void delete(List<Twin> from, Twin twin) throws VolumeException {
    from.remove(twin);
    real.backend().delete(twin.real);
    model.backend().delete(twin.model);
  }

  private void compare(Twin twin) throws IOException, VolumeException {
    assertThat(real.backend().inspect(twin.real).size()).isEqualTo(model.backend().inspect(twin.model).size());
    try (Consumer one = real.use(twin.real, twin.spec);
        Consumer two = model.use(twin.model, twin.spec)) {
      for (int slot = 0; slot < SLOTS; slot++) {
        assertThat(one.read(slot)).as("slot %d of %s", slot, twin.real.id()).isEqualTo(two.read(slot));
      }
    }
  }
}
