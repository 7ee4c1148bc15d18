package dev.moorage.admin;

import dev.moorage.pool.PoolSettings;
import dev.moorage.storage.PoolStatus;
import dev.moorage.storage.Storage;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.InvalidArgument;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/** Routes below {@code /v1/pools} and {@code /v1/trash}. */
final class PoolRoutes {

  /** The longest that a configuration can write; added to any time it is still a time. */
  private static final Duration DURATION_MAX = Duration.ofDays(999_999_999);

  private PoolRoutes() {}

  static void addTo(Routes routes) {
    routes.add("GET pools", PoolRoutes::list);
    routes.add("POST pools", PoolRoutes::create);
    routes.add("POST pools:adopt", PoolRoutes::adopt);
    routes.add("GET pools/*", PoolRoutes::inspect);
    routes.add("POST pools/*:grow", PoolRoutes::grow);
    routes.add("GET trash", PoolRoutes::trash);
    routes.add("POST trash:empty", PoolRoutes::empty);
  }

  private static AdminAnswer list(Storage storage, AdminRequest request, String none) throws VolumeException {
    return AdminAnswer.of(Json.only("pools", Json.array(storage.pools().list(), each -> json(storage, each))));
  }

  private static AdminAnswer inspect(Storage storage, AdminRequest request, String name) throws VolumeException {
    String action = "inspect pool " + Words.shown(name, 128);
    return answer(storage, storage.pools().status(Optional.of(Words.read(action, name, PoolName::new))));
  }

  private static AdminAnswer create(Storage storage, AdminRequest request, String none) throws VolumeException {
    String action = "create a pool";
    return answer(storage, storage.pools().create(Callers.of(action, request), settings(action, request)));
  }

  private static AdminAnswer adopt(Storage storage, AdminRequest request, String none) throws VolumeException {
    String action = "adopt a pool";
    return answer(storage, storage.pools().adopt(Callers.of(action, request), settings(action, request)));
  }

  private static PoolSettings settings(String action, AdminRequest request) throws InvalidArgument {
    RequestBody body = RequestBody.of(action, request);
    PoolSettings plain = PoolSettings.at(body.need("name", PoolName::new), body.need("path", Words::absolute));
    List<BackendKind> backends = body.readAll("backends", BackendKind::parse);
    Optional<Double> overcommit = body.number("overcommit");
    if (overcommit.isPresent() && !(overcommit.get() > 0 && overcommit.get() <= 1000)) {
      throw new InvalidArgument(action, "the overcommit " + overcommit.get() + " is not above 0 and at most 1000", "");
    }
    PoolSettings settings = new PoolSettings(plain.name(), plain.root(), backends.isEmpty() ? plain.backends() : backends,
        overcommit, body.read("defaultSize", ByteSize::parsePositive).orElse(plain.defaultSize()),
        body.read("trashRetention", PoolRoutes::duration).orElse(plain.trashRetention()), plain.file());
    body.finish();
    return settings;
  }

  private static AdminAnswer grow(Storage storage, AdminRequest request, String name) throws VolumeException {
    String action = "grow pool " + Words.shown(name, 128);
    RequestBody body = RequestBody.of(action, request);
    ByteSize by = body.need("by", ByteSize::parsePositive);
    body.finish();
    return answer(storage, storage.pools().grow(Callers.of(action, request), Words.read(action, name, PoolName::new), by));
  }

  private static AdminAnswer trash(Storage storage, AdminRequest request, String none) throws VolumeException {
    return AdminAnswer.of(Json.only("trash", Json.array(storage.pools().trash(pool("list the trash", request)), Json::trashed)));
  }

  private static AdminAnswer empty(Storage storage, AdminRequest request, String none) throws VolumeException {
    String action = "empty the trash";
    RequestBody.of(action, request).finish();
    int emptied = storage.pools().emptyTrash(Callers.of(action, request), pool(action, request));
    return AdminAnswer.of(Json.object().add("emptied", emptied).build());
  }

  private static Optional<PoolName> pool(String action, AdminRequest request) throws InvalidArgument {
    Optional<String> pool = request.parameter("pool");
    return pool.isEmpty() ? Optional.empty() : Optional.of(Words.read(action, pool.get(), PoolName::new));
  }

  private static AdminAnswer answer(Storage storage, PoolStatus pool) {
    return AdminAnswer.of(Json.only("pool", json(storage, pool)));
  }

  private static JsonObjectBuilder json(Storage storage, PoolStatus pool) {
    return Json.pool(pool, storage.pools().trashBytes(pool.id()));
  }

  private static Duration duration(String text) {
    try {
      Duration duration = Duration.parse(text);
      if (!duration.isNegative() && duration.compareTo(DURATION_MAX) <= 0) {
        return duration;
      }
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("'" + Words.shown(text, 64) + "' is not a duration such as PT24H", e);
    }
    throw new IllegalArgumentException("the duration " + Words.shown(text, 64) + " is negative or longer than " + DURATION_MAX);
  }
}
