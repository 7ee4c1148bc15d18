package dev.moorage.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.storage.TransferRunner.Lane;
import dev.moorage.storage.TransferRunner.Next;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Goal: who waits for whom. Method: transfers that end when the test says so. */
final class TransferRunnerTest {

  private final TransferRunner runner = new TransferRunner();
  private final CountDownLatch over = new CountDownLatch(1);
  private final List<String> begun = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    over.countDown();
    runner.close();
  }

  /** One that runs until the end of the test; returns what tells that it has begun. */
  private CountDownLatch endless(Lane lane, String key) {
    CountDownLatch begins = new CountDownLatch(1);
    runner.submit(lane, key, () -> {
      begun.add(key);
      begins.countDown();
      await(over);
      return new Next.Ended();
    });
    return begins;
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  void aRestoreNeverStandsBehindUploadsNorBehindWhatSomebodyLooksAt() {
    for (Lane lane : List.of(Lane.UPLOAD, Lane.VIEW)) {
      for (int i = 0; i < 5; i++) {
        endless(lane, lane + "-" + i);
      }
    }
    assertThat(await(endless(Lane.RESTORE, "restore"))).isTrue();
    assertThat(await(endless(Lane.RESTORE, "second"))).isTrue();
  }

  @Test
  void aLaneRunsTwoAtATimeAndTheRestInTheirOrder() throws Exception {
    assertThat(await(endless(Lane.UPLOAD, "a")) && await(endless(Lane.UPLOAD, "b"))).isTrue();
    CountDownLatch third = endless(Lane.UPLOAD, "c");
    CountDownLatch fourth = endless(Lane.UPLOAD, "d");
    assertThat(third.await(200, TimeUnit.MILLISECONDS)).as("both threads are taken").isFalse();
    over.countDown();
    assertThat(await(third) && await(fourth)).isTrue();
    assertThat(begun).startsWith("a", "b").hasSize(4);
  }

  @Test
  void thoseOfOneKeyRunOneAfterTheOtherAndOneThatWaitsTakesNoThread() {
    CountDownLatch done = new CountDownLatch(1);
    for (int i = 0; i < 4; i++) {
      runner.submit(Lane.UPLOAD, "away-" + i, () -> done.getCount() > 0 ? new Next.Again(Duration.ofMillis(50)) : new Next.Ended());
    }
    CountDownLatch second = new CountDownLatch(1);
    runner.submit(Lane.UPLOAD, "key", () -> {
      begun.add("first");
      return begun.size() < 3 ? new Next.Again(Duration.ofMillis(1)) : new Next.Ended();
    });
    runner.submit(Lane.UPLOAD, "key", () -> {
      begun.add("second");
      second.countDown();
      return new Next.Ended();
    });
    assertThat(await(second)).isTrue();
    assertThat(begun).containsExactly("first", "first", "first", "second");
    done.countDown();
  }

  @Test
  void oneThatWaitsGoesOnAtOnceWhenItIsWoken() {
    CountDownLatch waits = new CountDownLatch(1);
    CountDownLatch woken = new CountDownLatch(1);
    runner.submit(Lane.UPLOAD, "key", () -> {
      if (waits.getCount() > 0) {
        waits.countDown();
        return new Next.Again(Duration.ofHours(1));
      }
      woken.countDown();
      return new Next.Ended();
    });
    assertThat(await(waits)).isTrue();
    while (woken.getCount() > 0) {
      // The pause begins just after the transfer said so.
      runner.wake("key");
    }
    runner.wake("key");
    assertThat(await(endless(Lane.UPLOAD, "key"))).as("the next one of the key").isTrue();
  }
}
