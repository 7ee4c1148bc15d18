package dev.moorage.csi.kubernetes;

import dev.moorage.csi.Rounds;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Which of several routers tends what there is only one of. Calls are served by all of them; nothing depends on there being a leader. */
final class Leadership implements AutoCloseable {

  static final String LEASE = "moorage-router";

  private static final System.Logger LOG = System.getLogger("dev.moorage.csi");
  private static final Duration LEASE_TIME = Duration.ofSeconds(15);
  private static final Duration RENEW = Duration.ofSeconds(10);
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final KubernetesClient client;
  private final String namespace;
  private final String self;
  private final Rounds rounds;
  private volatile boolean leader;
  private volatile boolean closed;
  private volatile @Nullable CompletableFuture<?> elected;

  /** {@code self} is what the Lease calls us: the pod's name. */
  Leadership(KubernetesClient client, String namespace, String self, Rounds rounds) {
    this.client = client;
    this.namespace = namespace;
    this.self = self;
    this.rounds = rounds;
  }

  /** Runs for it from now on. An elector is good for one term only. */
  void run() {
    if (closed) {
      return;
    }
    LeaderElector elector = client.leaderElector().withConfig(new LeaderElectionConfigBuilder()
        .withName(LEASE)
        .withLock(new LeaseLock(namespace, LEASE, self))
        .withLeaseDuration(LEASE_TIME).withRenewDeadline(RENEW).withRetryPeriod(RETRY)
        .withReleaseOnCancel(true)
        .withLeaderCallbacks(new LeaderCallbacks(() -> become(true), () -> become(false),
            who -> LOG.log(System.Logger.Level.INFO, "the leader of the routers is " + who)))
        .build()).build();
    CompletableFuture<?> begun = elector.start();
    elected = begun;
    CompletableFuture<?> ended = begun.whenComplete((_, _) -> {
      become(false);
      rounds.after(RETRY, this::run);
    });
    if (ended.isCompletedExceptionally()) {
      LOG.log(System.Logger.Level.DEBUG, "the term ended before it began");
    }
  }

  private void become(boolean now) {
    leader = now;
  }

  boolean isLeader() {
    return leader;
  }

  /** Gives the Lease back, so that another one need not wait. */
  @Override
  public void close() {
    closed = true;
    CompletableFuture<?> begun = elected;
    if (begun != null) {
      begun.cancel(true);
    }
  }
}
