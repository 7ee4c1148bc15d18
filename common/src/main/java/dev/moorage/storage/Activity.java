package dev.moorage.storage;

import dev.moorage.volume.ByteSize;

/** A job in a few words, such as {@code upload 40 %, 2.1G of 5.2G, 80M/s}. */
final class Activity {

  private Activity() {}

  static String of(Job job) {
    String done = job.kind() + " " + Math.round(job.fraction() * 100) + " %";
    if (job.state() == Job.State.WAITING && job.note().isPresent()) {
      return job.kind() + " waits: " + job.note().get();
    }
    return done + job.progress().map(progress -> ", " + text(progress.doneBytes()) + " of " + text(progress.totalBytes())
        + ", " + text(progress.bytesPerSecond()) + "/s").orElse("");
  }

  private static String text(long bytes) {
    return ByteSize.ofBytes(bytes).toString();
  }
}
