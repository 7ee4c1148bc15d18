package dev.moorage.storage;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Background work that outlives its caller and the process. Ended jobs are remembered for a while, at most a hundred. */
public final class Jobs {

  private final JobTable table;

  Jobs(JobTable table) {
    this.table = table;
  }

  /** Newest first. */
  public List<Job> list() {
    return table.list();
  }

  public Optional<Job> find(String id) {
    return table.find(id).map(JobTable.Entry::job);
  }

  /** Waits until the job has ended or the time is over, and returns it as it then is. */
  public Optional<Job> await(String id, Duration atMost) throws InterruptedException {
    Optional<JobTable.Entry> entry = table.find(id);
    boolean ended = entry.isPresent() && entry.get().latch().await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    assert !ended || entry.get().record().state().isEnd() : "a job that ended does not run";
    return entry.map(JobTable.Entry::job);
  }
}
