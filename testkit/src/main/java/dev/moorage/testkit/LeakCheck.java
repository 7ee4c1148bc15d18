package dev.moorage.testkit;

import dev.moorage.process.Command;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test that leaves a mount or a loop device behind: {@code @ExtendWith(LeakCheck.class)}. It looks at what lies beneath
 * {@link Scratch#root} only, because other programs use loop devices of the same machine; what was there before the test (a disk
 * that a whole class shares) is no leak. What leaked is released, so that the next test starts clean.
 */
public final class LeakCheck implements BeforeEachCallback, AfterEachCallback {

  private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(LeakCheck.class);
  /** An autoclear device goes a moment after its last close, for instance while udev still looks at it. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** For JUnit. */
  public LeakCheck() {}

  @Override
  public void beforeEach(ExtensionContext context) {
    context.getStore(NAMESPACE).put("before", State.now());
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    State before = context.getStore(NAMESPACE).get("before", State.class);
    if (before == null) {
      throw new AssertionError("BUG: no state was taken before the test");
    }
    demandNothingMoreThan(before);
  }

  static void demandNothingMoreThan(State before) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    State leaked = State.now().without(before);
    while (!leaked.isNothing() && System.nanoTime() < deadline) {
      Thread.sleep(20);
      leaked = State.now().without(before);
    }
    if (!leaked.isNothing()) {
      leaked.release();
      throw new AssertionError("the test left behind: " + leaked);
    }
  }

  /** Mount points, and loop devices with their files, as text. */
  record State(List<String> mounts, List<String> loops) {

    static State now() {
      List<String> mounts = new ArrayList<>();
      KernelState.mountsUnder(Scratch.root()).forEach(mount -> mounts.add(mount.toString()));
      List<String> loops = new ArrayList<>();
      KernelState.loopsUnder(Scratch.root()).forEach((device, file) -> loops.add(device + " on " + file));
      return new State(mounts, loops);
    }

    State without(State other) {
      List<String> moreMounts = new ArrayList<>(mounts);
      other.mounts.forEach(moreMounts::remove);
      List<String> moreLoops = new ArrayList<>(loops);
      moreLoops.removeAll(other.loops);
      return new State(moreMounts, moreLoops);
    }

    boolean isNothing() {
      return mounts.isEmpty() && loops.isEmpty();
    }

    void release() throws IOException {
      for (String mount : mounts.reversed()) {
        Command.of("umount", "-l", mount).run();
      }
      for (String loop : loops) {
        String device = loop.substring(0, loop.indexOf(' '));
        if (State.now().loops.contains(loop)) {
          Command.of("losetup", "-d", device).run();
        }
      }
    }
  }
}
