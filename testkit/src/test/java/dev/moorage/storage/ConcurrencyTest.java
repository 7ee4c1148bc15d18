package dev.moorage.storage;

import static dev.moorage.storage.Host.DOCKER;
import static dev.moorage.storage.Host.ref;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testkit.KernelState;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.VolumeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Goal: operations that run together neither lose a mount that somebody was given nor leave anything. Method: several callers with
 * seeds of their own do what they like with a few volumes while the sweep runs; each checks what it was promised.
 */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class ConcurrencyTest {

  private static final List<String> NAMES = List.of("a", "b", "c");
  private static final int CALLERS = 8;
  private static final int OPERATIONS = 40;

  @Test
  void whatRunsTogetherKeepsEveryPromise() throws Exception {
    try (Host host = new Host()) {
      List<Callable<Integer>> callers = new ArrayList<>();
      for (int caller = 0; caller < CALLERS; caller++) {
        int seed = caller;
        callers.add(() -> act(host, seed));
      }
      callers.add(() -> sweep(host));
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (Future<Integer> future : threads.invokeAll(callers)) {
          assertThat(future.get()).isPositive();
        }
      }
      assertThat(KernelState.mountsUnder(host.run())).isEmpty();
      assertThat(KernelState.loopsUnder(host.pools.getFirst().root())).isEmpty();
      int volumes = host.storage.volumes().list(Optional.empty()).size();
      List<Snapshot> snapshots = host.storage.snapshots().list(DOCKER, Optional.empty());
      host.restart();
      assertThat(host.storage.volumes().list(Optional.empty())).hasSize(volumes);
      assertThat(host.storage.snapshots().list(DOCKER, Optional.empty())).isEqualTo(snapshots);
      assertThat(host.storage.pools().status(Optional.empty()).problem()).isEmpty();
    }
  }

  private static int sweep(Host host) {
    for (int i = 0; i < OPERATIONS; i++) {
      host.storage.sweepNow();
    }
    return OPERATIONS;
  }

  private static int act(Host host, int caller) throws Exception {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(caller);
    int done = 0;
    for (int i = 0; i < OPERATIONS; i++) {
      String name = NAMES.get(random.nextInt(NAMES.size()));
      try {
        act(host, name, "caller" + caller, random.nextInt(10));
        done++;
      } catch (VolumeException.NotFound | VolumeException.InUse | VolumeException.AlreadyExists refused) {
        assertThat(refused.getMessage()).as("others had their way with it").isNotBlank();
      }
    }
    return done;
  }

  private static void act(Host host, String name, String caller, int what) throws Exception {
    switch (what) {
      case 0, 1 -> host.create(name);
      case 2 -> host.storage.snapshots().create(DOCKER, ref(name), Optional.empty());
      case 3 -> host.storage.volumes().create(DOCKER, Host.from(caller, new CreateVolume.Source.OfVolume(ref(name))));
      case 4 -> host.storage.volumes().remove(DOCKER, ref(caller));
      case 5 -> host.storage.volumes().rollback(DOCKER, SnapshotRef.parse(name + "@latest"));
      default -> use(host, name, caller);
    }
  }

  /** While the mount is held, what is written there is there. */
  private static void use(Host host, String name, String caller) throws Exception {
    Path path = host.mount(name, caller);
    Path file = path.resolve(caller);
    Files.writeString(file, caller);
    assertThat(KernelState.mountsUnder(path)).hasSize(1);
    assertThat(file).hasContent(caller);
    host.unmount(name, caller);
  }
}
