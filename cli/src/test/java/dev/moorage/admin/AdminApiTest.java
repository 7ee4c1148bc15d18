package dev.moorage.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moorage.client.AdminClient;
import dev.moorage.client.ServiceError;
import dev.moorage.serve.RunningService;
import dev.moorage.telemetry.Telemetry;
import dev.moorage.volume.VolumeException;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class AdminApiTest {

  private static final Serving SERVING = new Serving("1.2.3", Optional.empty(), Path.of("/run/moorage"));

  private static AdminApi unopened() {
    return new AdminApi(new CompletableFuture<>(), new Telemetry(), SERVING);
  }

  private static JsonObject json(AdminAnswer answer) {
    return Json.createReader(new StringReader(answer.body())).readObject();
  }

  private static AdminRequest get(String path) {
    return new AdminRequest("GET", path, Map.of(), "");
  }

  @Test
  void everyKindOfErrorHasAStatusAndAWordThatTheDocumentationLists() throws Exception {
    String documentation = Files.readString(Path.of("").toAbsolutePath().resolveSibling("docs").resolve("admin-api.md"));
    for (VolumeException error : List.of(
        new VolumeException.NotFound("a", "r", "m"), new VolumeException.AlreadyExists("a", "r", "m"),
        new VolumeException.InUse("a", "r", "m"), new VolumeException.InvalidArgument("a", "r", "m"),
        new VolumeException.OutOfRange("a", "r", "m"), new VolumeException.NoSpace("a", "r", "m"),
        new VolumeException.Busy("a", "r", "m"), new VolumeException.Unavailable("a", "r", "m"),
        new VolumeException.Denied("a", "r", "m"), new VolumeException.Unsupported("a", "r", "m"),
        new VolumeException.Corrupt("a", "r", "m"))) {
      AdminAnswer answer = AdminErrors.answer(error);
      JsonObject json = json(answer);
      assertThat(json.keySet()).containsExactly("kind", "action", "reason", "remedy", "message");
      assertThat(json.getString("message")).isEqualTo("cannot a: r. m");
      assertThat(documentation).contains("| `" + json.getString("kind") + "` | " + answer.status() + " |");
    }
  }

  @Test
  void everyRouteIsDocumented() throws Exception {
    String documentation = Files.readString(Path.of("").toAbsolutePath().resolveSibling("docs").resolve("admin-api.md"));
    for (String pattern : unopened().patterns()) {
      String[] words = pattern.split(" ", -1);
      String name = words[1].startsWith("pools") ? "POOL" : words[1].startsWith("jobs") ? "ID" : words[1].startsWith("repositories") ? "REPOSITORY"
          : words[1].startsWith("snapshots") ? "SNAPSHOT" : "VOLUME";
      assertThat(documentation).contains("`" + words[0] + " /v1/" + words[1].replace("*", name) + "`");
    }
  }

  @Test
  void healthVersionAndMetricsAnswerWhileTheStorageIsStillOpening() {
    AdminApi api = unopened();
    AdminAnswer health = api.answer(get("/health"));
    assertThat(health.status()).isEqualTo(503);
    assertThat(json(health).getString("status")).isEqualTo("opening");
    assertThat(json(api.answer(get("/v1/version"))).getString("version")).isEqualTo("1.2.3");
    assertThat(api.answer(get("/metrics")).status()).isEqualTo(200);
  }

  @Test
  void aStorageThatDoesNotOpenIsSaidSo() {
    AdminApi api = new AdminApi(CompletableFuture.failedFuture(new IllegalStateException("x")), new Telemetry(), SERVING);
    assertThat(json(api.answer(get("/health"))).getString("status")).isEqualTo("failed");
    AdminAnswer answer = api.answer(get("/v1/volumes"));
    assertThat(answer.status()).isEqualTo(503);
    assertThat(json(answer).getString("kind")).isEqualTo("unavailable");
  }

  @Test
  void unknownPathsAndMethodsAreTold() {
    AdminApi api = unopened();
    for (String path : List.of("/", "/v1", "/v1/", "/v1/volume", "/v1/volumes/", "/v1/volumes/a:b", "/v1/pools:eat", "/v2/volumes",
        "/v1/volumes/:grow")) {
      assertThat(api.answer(get(path)).status()).as(path).isEqualTo(404);
    }
    AdminAnswer wrong = api.answer(new AdminRequest("PUT", "/v1/volumes", Map.of(), ""));
    assertThat(wrong.status()).isEqualTo(405);
    assertThat(json(wrong).getString("reason")).isEqualTo("this path only has GET, POST");
    assertThat(json(wrong).getString("kind")).isEqualTo("no-such-route");
  }

  @Test
  void anAnswerOfTheWholeServiceIsWhatTheDocumentationShows() throws Exception {
    try (RunningService service = RunningService.withDirectories()) {
      AdminClient client = new AdminClient(service.adminSocket());
      assertThat(client.get("/health").getString("status")).isEqualTo("ok");
      assertThat(client.get("/v1/version").getInt("pid")).isPositive();
      JsonObject made = client.post("/v1/volumes", Json.createObjectBuilder().add("name", "db").add("size", "1G").build());
      assertThat(made.getJsonObject("volume").getString("owner")).isEqualTo("local");
      assertThat(client.get("/v1/volumes?owner=docker").getJsonArray("volumes")).isEmpty();
      assertThat(client.get("/v1/volumes").getJsonArray("volumes")).hasSize(1);
      assertThat(client.get("/v1/jobs").getJsonArray("jobs")).isEmpty();
      assertThat(client.get("/v1/events?after=0").getJsonArray("events")).hasSize(1);
      assertThat(client.text("/metrics")).contains("moorage_");
      assertThat(client.delete("/v1/volumes/local/db").getInt("undoSeconds")).isEqualTo(86_400);
      ServiceError gone = catchThrowableOfType(ServiceError.class, () -> client.get("/v1/volumes/local/db"));
      assertThat(gone.status()).isEqualTo(404);
    }
  }
}
