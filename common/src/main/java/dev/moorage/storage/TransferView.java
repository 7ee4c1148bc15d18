package dev.moorage.storage;

import dev.moorage.telemetry.JobMeasure;
import dev.moorage.telemetry.TransferMeasure;
import dev.moorage.volume.VolumeId;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What there is to say about transfers, from memory: no store is asked. */
record TransferView(Core core) {

  private static final double MILLIS_PER_SECOND = 1e3;

  /** Those under way, waiting or failed. */
  List<TransferStatus.Upload> uploads() {
    return core.jobs().all()
        .filter(each -> each.record().kind().equals(Uploads.KIND) && !isSettled(each.record().state()))
        .flatMap(each -> UploadOrder.of(each.record()).stream()
            .map(order -> new TransferStatus.Upload(order.snapshot(), order.repository(), order.label(), order.cutAt(), each.job())))
        .sorted(Comparator.comparing(TransferStatus.Upload::cutAt))
        .toList();
  }

  private static boolean isSettled(Job.State state) {
    return state == Job.State.DONE || state == Job.State.CANCELLED;
  }

  List<TransferStatus.Upload> uploads(VolumeId volume) {
    return core.jobs().of(volume, Uploads.KIND).findAny().isEmpty() ? List.of()
        : uploads().stream().filter(each -> isOf(volume, each)).toList();
  }

  private boolean isOf(VolumeId volume, TransferStatus.Upload upload) {
    return core.jobs().find(upload.job().id()).filter(each -> each.record().volume().equals(volume)).isPresent();
  }

  TransferStatus of(String repository) {
    TransferCounts.Totals totals = core.counts().of(repository);
    List<TransferStatus.Upload> uploads = uploads().stream().filter(each -> each.repository().equals(repository)).toList();
    return new TransferStatus(repository, totals.read(), totals.sent(), totals.restored(), totals.uploadRate(), totals.restoreRate(),
        uploads, waiting(uploads).map(TransferStatus.Upload::cutAt).findFirst(), lastSuccess(repository),
        core.counts().trouble(repository).map(each -> each.at() + " " + each.reason()));
  }

  private static Stream<TransferStatus.Upload> waiting(List<TransferStatus.Upload> uploads) {
    return uploads.stream().filter(each -> !each.job().state().isEnd());
  }

  private Optional<Instant> lastSuccess(String repository) {
    return core.pools().all().stream().flatMap(pool -> pool.bases().all())
        .flatMap(record -> record.last().stream())
        .filter(last -> last.repository().equals(repository))
        .map(WriterRecord.Last::at).max(Comparator.naturalOrder());
  }

  /** One for each repository that this host knows. */
  List<TransferMeasure> measures() {
    return core.repositories().names().stream().map(this::of).map(this::measure).toList();
  }

  private TransferMeasure measure(TransferStatus status) {
    int waiting = (int) waiting(status.uploads()).count();
    double lag = status.oldestWaiting()
        .map(at -> Math.max(0, Duration.between(at, core.clock().instant()).toMillis() / MILLIS_PER_SECOND)).orElse(0.0);
    return new TransferMeasure(status.repository(), status.readBytes(), status.sentBytes(), status.restoredBytes(),
        status.uploadBytesPerSecond(), status.restoreBytesPerSecond(), waiting, status.uploads().size() - waiting, lag,
        seconds(status.lastSuccess()), seconds(core.counts().trouble(status.repository()).map(TransferCounts.Trouble::at)));
  }

  private static double seconds(Optional<Instant> at) {
    return at.map(each -> each.toEpochMilli() / MILLIS_PER_SECOND).orElse(-1.0);
  }

  /** Every kind and state that there is, those without a job too: a series that vanishes is no zero. */
  List<JobMeasure> jobs() {
    Map<String, Integer> counts = new TreeMap<>();
    for (String kind : List.of(Compaction.KIND, FileCopies.KIND, Restores.KIND, Uploads.KIND)) {
      for (Job.State state : List.of(Job.State.RUNNING, Job.State.WAITING, Job.State.FAILED)) {
        counts.put(kind + " " + state.name().toLowerCase(Locale.ROOT), 0);
      }
    }
    core.jobs().list().forEach(each ->
        counts.computeIfPresent(each.kind() + " " + each.state().name().toLowerCase(Locale.ROOT), (_, count) -> count + 1));
    return counts.entrySet().stream().map(each -> new JobMeasure(each.getKey().substring(0, each.getKey().indexOf(' ')),
        each.getKey().substring(each.getKey().indexOf(' ') + 1), each.getValue())).toList();
  }
}
