package dev.moorage.admin;

import dev.moorage.repository.gc.CollectionReport;
import dev.moorage.repository.gc.Usage;
import dev.moorage.storage.ForgetPlan;
import jakarta.json.JsonObjectBuilder;

/** The JSON form of what takes the space of a repository, and of what was or would be freed. */
public final class UsageJson {

  private UsageJson() {}

  /** What everything takes. */
  public static JsonObjectBuilder usage(Usage usage) {
    return Json.object()
        .add("all", amount(usage.all()))
        .add("unused", amount(usage.unused()))
        .add("shared", amount(usage.shared()))
        .add("volumes", Json.array(usage.volumes(), volume -> Json.object()
            .add("volumeId", volume.volume().toString())
            .add("freedPacks", volume.own().packs())
            .add("freedBytes", volume.own().bytes())))
        .add("snapshots", Json.array(usage.snapshots(), each -> RepositoryJson.snapshot(each.snapshot())
            .add("freedPacks", each.own().packs())
            .add("freedBytes", each.own().bytes())));
  }

  /** What forgetting would do. */
  public static JsonObjectBuilder plan(ForgetPlan plan) {
    return Json.object()
        .add("snapshots", Json.array(plan.snapshots(), RepositoryJson::snapshot))
        .add("freed", amount(plan.freed()));
  }

  private static JsonObjectBuilder amount(Usage.Amount amount) {
    return Json.object().add("packs", amount.packs()).add("bytes", amount.bytes());
  }

  /** What a collection did. */
  public static JsonObjectBuilder report(CollectionReport report) {
    return Json.object()
        .add("collection", report.collection().toString())
        .add("listed", tally(report.listed()))
        .add("kept", tally(report.kept()))
        .add("doomed", tally(report.doomed()))
        .add("rescued", tally(report.rescued()))
        .add("deleted", tally(report.deleted()))
        .add("locked", tally(report.locked()))
        .add("recordsLeft", report.recordsLeft())
        .add("waiting", Json.array(report.waiting(), waiting -> Json.object()
            .add("session", waiting.session().id().toString())
            .add("host", waiting.session().host())
            .add("purpose", waiting.session().purpose())
            .add("heartbeat", waiting.heartbeat().toString())))
        .add("fenced", report.fenced())
        .add("pending", report.pending());
  }

  private static JsonObjectBuilder tally(CollectionReport.Tally tally) {
    return Json.object().add("packs", tally.packs()).add("bytes", tally.bytes());
  }
}
