package dev.moorage.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.telemetry.Event;
import dev.moorage.telemetry.Telemetry;
import dev.moorage.volume.Owner;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Goal: deadlines, refusals and audit lines of operations. Method: tasks that wait on latches. */
final class WorkTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  private final Telemetry telemetry = new Telemetry();
  private final KeyedLock locks = new KeyedLock();
  private final Journal journal = new Journal(telemetry);
  private final Work work = new Work(locks, journal);
  private final VolumeId volume = VolumeId.random();
  private final Operation mount = Operation.on(volume, "mount", "volume docker/db");
  private final Caller patient = new Caller("docker", Owner.DOCKER, LONG, LONG);
  private final Caller hurried = new Caller("docker", Owner.DOCKER, Duration.ZERO, Duration.ofMillis(20));

  @AfterEach
  void close() {
    work.close();
  }

  @Test
  void theResultComesBackAndIsAudited() throws VolumeException {
    assertThat(work.run(patient, mount, List.of(LockKey.of(volume)), () -> "/data")).isEqualTo("/data");
    assertThat(telemetry.events(0)).singleElement().satisfies(event -> {
      assertThat(event.verb()).isEqualTo("mount");
      assertThat(event.subject()).isEqualTo("volume docker/db");
      assertThat(event.outcome()).isEqualTo("ok");
    });
    assertThat(locks.isEmpty()).isTrue();
  }

  @Test
  void aFailureComesBackAsItWasThrownAndIsRemembered() {
    assertThatThrownBy(() -> work.run(patient, mount, List.of(), () -> {
      throw new VolumeException.NoSpace("mount volume db", "the pool is full", "Free space");
    })).isInstanceOf(VolumeException.NoSpace.class);
    assertThat(journal.lastError(volume)).hasValueSatisfying(text -> assertThat(text).contains("the pool is full"));
    assertThat(telemetry.events(0)).extracting(Event::outcome).containsExactly("no-space");
  }

  @Test
  void aCallerThatLeavesIsToldAndWhatWasDoneIsWithdrawn() throws VolumeException {
    CountDownLatch gate = new CountDownLatch(1);
    AtomicBoolean withdrawn = new AtomicBoolean();
    assertThatThrownBy(() -> work.run(hurried, mount, List.of(LockKey.of(volume)), () -> waited(gate), _ -> withdrawn.set(true)))
        .isInstanceOf(VolumeException.Unavailable.class).hasMessageContaining("The work goes on");
    assertThatThrownBy(() -> work.run(hurried, mount, List.of(LockKey.of(volume)), () -> true))
        .isInstanceOf(VolumeException.Busy.class);
    gate.countDown();
    assertThat(work.run(patient, mount, List.of(LockKey.of(volume)), withdrawn::get)).isTrue();
    assertThat(telemetry.events(0)).extracting(Event::outcome).containsExactly("busy", "unattended", "ok");
  }

  @Test
  void anInterruptedCallerLeavesAndTheWorkGoesOn() throws InterruptedException, VolumeException {
    CountDownLatch gate = new CountDownLatch(1);
    AtomicBoolean stillInterrupted = new AtomicBoolean();
    Thread caller = Thread.ofPlatform().start(() -> {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> work.run(patient, mount, List.of(), () -> waited(gate)))
          .isInstanceOf(VolumeException.Unavailable.class);
      stillInterrupted.set(Thread.currentThread().isInterrupted());
    });
    caller.join();
    gate.countDown();
    work.close();
    assertThat(stillInterrupted).isTrue();
    assertThat(telemetry.events(0)).extracting(Event::outcome).containsExactly("unattended");
  }

  @Test
  void afterCloseNewWorkIsRefused() {
    work.close();
    assertThatThrownBy(() -> work.run(patient, mount, List.of(LockKey.of(volume)), () -> 1))
        .isInstanceOf(VolumeException.Unavailable.class);
    assertThat(locks.isEmpty()).isTrue();
  }

  private static boolean waited(CountDownLatch gate) {
    try {
      gate.await();
      return true;
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts a worker", e);
    }
  }
}
