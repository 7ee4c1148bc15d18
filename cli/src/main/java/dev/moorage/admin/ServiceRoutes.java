package dev.moorage.admin;

import dev.moorage.storage.Job;
import dev.moorage.storage.Storage;
import dev.moorage.telemetry.Telemetry;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.NotFound;
import dev.moorage.volume.VolumeException.Unavailable;
import java.time.Duration;
import java.util.Optional;

/** Routes about the service itself: jobs and events. */
final class ServiceRoutes {

  private static final long WAIT_SECONDS_MAX = 60;

  private final Telemetry telemetry;

  ServiceRoutes(Telemetry telemetry) {
    this.telemetry = telemetry;
  }

  void addTo(Routes routes) {
    routes.add("GET jobs", (storage, request, none) -> AdminAnswer.of(Json.only("jobs", Json.array(storage.jobs().list(), Json::job))));
    routes.add("GET jobs/*", ServiceRoutes::job);
    routes.add("POST jobs/*:cancel", ServiceRoutes::cancel);
    routes.add("GET events", this::events);
  }

  private static AdminAnswer job(Storage storage, AdminRequest request, String id) throws VolumeException {
    String action = "look at job " + Words.shown(id, 64);
    long wait = number(action, "wait", request);
    Optional<Job> job;
    try {
      job = wait == 0 ? storage.jobs().find(id) : storage.jobs().await(id, Duration.ofSeconds(Math.min(wait, WAIT_SECONDS_MAX)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable(action, "the service is stopping", "The job goes on when it runs again", e);
    }
    if (job.isEmpty()) {
      throw new NotFound(action, "there is no such job", "Ended jobs are remembered only for a while");
    }
    return AdminAnswer.of(Json.only("job", Json.job(job.get())));
  }

  private static AdminAnswer cancel(Storage storage, AdminRequest request, String id) throws VolumeException {
    String action = "cancel job " + Words.shown(id, 64);
    RequestBody.of(action, request).finish();
    return AdminAnswer.of(Json.only("job", Json.job(storage.jobs().cancel(Callers.of(action, request), id))));
  }

  private AdminAnswer events(Storage storage, AdminRequest request, String none) throws VolumeException {
    long after = number("list events", "after", request);
    return AdminAnswer.of(Json.only("events", Json.array(telemetry.events(after), Json::event)));
  }

  /** A parameter of the query that is a number; 0 when absent. */
  static long number(String action, String name, AdminRequest request) throws InvalidArgument {
    Optional<String> text = request.parameter(name);
    if (text.isEmpty()) {
      return 0;
    }
    if (!text.get().matches("\\d{1,18}")) {
      throw new InvalidArgument(action, "the parameter '" + name + "' is not a number", "");
    }
    return Long.parseLong(text.get());
  }
}
