package dev.moorage.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.client.AdminClient;
import dev.moorage.client.ClientException;
import dev.moorage.client.ServiceError;
import dev.moorage.serve.RunningService;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Hostile input on the admin socket: an answer each time, no server error, nothing made. The seed is fixed, so a failure repeats. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AdminFuzzTest {

  private static final long SEED = 20_260_823;
  private static final List<String> NAMES = List.of("", ".", "..", "../../etc", "a/b/c", "a b", "ä", "\u0000", "x".repeat(129), "x".repeat(5000),
      "-rf", "$(id)", "`id`", "'", "\"", "%2e%2e", "a@b@c", "db:grow", "\n\r", "null", "..\\..", "\ud83d\ude00", "a/../b", "@", "/", "//");
  private static final List<String> FIELDS = List.of("name", "owner", "pool", "backend", "size", "access", "filesystem", "from", "clone",
      "preallocated", "volumes", "target", "path", "by", "as", "backends", "overcommit", "defaultSize", "trashRetention", "__proto__",
      "location", "options", "keyFile", "generateKeyFile", "blockSize", "recoveryKey", "snapshot", "id", "label");
  private static final List<String> VALUES = List.of("null", "true", "1", "-1", "1e999", "1e99999999", "[]", "{}", "\"\"", "\"..\"", "\"/etc\"",
      "\"9999999P\"", "\"-1G\"", "[null]", "[[[[[[[[[[[[]]]]]]]]]]]]", "\"\\u0000\"", "\"\\ud800\"", "[1,2]", "\"PT-1H\"", "{\"a\":{\"b\":1}}");

  private RunningService service;

  @BeforeAll
  void start() throws Exception {
    service = RunningService.withDirectories();
  }

  @AfterAll
  void stop() {
    service.close();
  }

  /** The status of the first answer to raw bytes, or 0 when the connection just ended. */
  private int status(byte[] request) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(service.adminSocket()));
      ByteBuffer bytes = ByteBuffer.wrap(request);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.shutdownOutput();
      ByteBuffer answer = ByteBuffer.allocate(64);
      while (answer.hasRemaining() && channel.read(answer) >= 0) {
        // Until the status line is there.
      }
      String line = new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1);
      return line.startsWith("HTTP/1.1 ") ? Integer.parseInt(line.substring(9, 12)) : 0;
    } catch (IOException reset) {
      return 0;
    }
  }

  private int status(String method, String path, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    byte[] head = (method + " " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + bytes.length + "\r\nConnection: close\r\n\r\n")
        .getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[head.length + bytes.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(bytes, 0, all, head.length, bytes.length);
    return status(all);
  }

  private void assertUnharmed(List<String> before) throws Exception {
    AdminClient client = new AdminClient(service.adminSocket());
    assertThat(client.get("/health").getString("status")).isEqualTo("ok");
    assertThat(client.get("/v1/volumes").getJsonArray("volumes")).isEmpty();
    assertThat(client.get("/v1/pools").getJsonArray("pools")).hasSize(1);
    assertThat(files()).isEqualTo(before);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(service.directory().resolve("pool"))) {
      return files.map(Path::toString).sorted().toList();
    }
  }

  @Test
  void hostileNamesInPathsAreRefused() throws Exception {
    List<String> before = files();
    for (String name : NAMES) {
      String raw = name.replaceAll("[\\x00-\\x20\\x7f-\\uffff]", "?");
      for (String route : List.of("volumes/", "snapshots/", "pools/", "jobs/", "repositories/")) {
        assertThat(status("GET", "/v1/" + route + raw, "")).as(name).isBetween(400, 499);
        assertThat(status("POST", "/v1/" + route + raw + ":undo", "{}")).as(name).isBetween(400, 499);
        assertThat(status("DELETE", "/v1/" + route + raw, "")).as(name).isBetween(400, 499);
      }
    }
    assertUnharmed(before);
  }

  @Test
  void hostileNamesInBodiesAreRefusedWithASentence() throws Exception {
    List<String> before = files();
    AdminClient client = new AdminClient(service.adminSocket());
    for (String name : NAMES) {
      for (String field : List.of("name", "owner", "pool", "backend", "size", "from", "clone")) {
        if (field.equals("name") && name.equals("null")) {
          continue;
        }
        JsonObject body = Json.createObjectBuilder().add("name", "null").add(field, name).add("access", "nothing").build();
        ServiceError error = refused(client, "/v1/volumes", body);
        assertThat(error.status()).as(field + "=" + name).isEqualTo(400);
        assertThat(error.getMessage()).startsWith("cannot create ").doesNotContain("\n", "\u0000").hasSizeLessThan(400);
      }
    }
    assertUnharmed(before);
  }

  private static ServiceError refused(AdminClient client, String path, JsonObject body) throws ClientException {
    try {
      throw new AssertionError("accepted: " + body + " " + client.post(path, body));
    } catch (ServiceError e) {
      return e;
    }
  }

  @Test
  void randomBodiesAreAnsweredAndMakeNothing() throws Exception {
    List<String> before = files();
    Random random = new Random(SEED);
    List<String> paths = List.of("/v1/volumes", "/v1/snapshots", "/v1/pools", "/v1/pools:adopt", "/v1/volumes/a:grow", "/v1/volumes/a:undo",
        "/v1/volumes/a:compact", "/v1/snapshots/a@b:mount", "/v1/snapshots/a@b:rollback", "/v1/pools/default:grow");
    for (int i = 0; i < 600; i++) {
      String body = body(random);
      String path = paths.get(random.nextInt(paths.size()));
      assertThat(status("POST", path, body)).as(path + " " + body).isIn(400, 404, 409, 422, 501);
    }
    assertUnharmed(before);
  }

  /** An object of wrong fields and values, sometimes cut off in the middle. */
  private static String body(Random random) {
    StringBuilder body = new StringBuilder("{");
    int fields = 1 + random.nextInt(4);
    for (int i = 0; i < fields; i++) {
      body.append(i == 0 ? "" : ",").append('"').append(FIELDS.get(random.nextInt(FIELDS.size()))).append("\":")
          .append(VALUES.get(random.nextInt(VALUES.size())));
    }
    body.append('}');
    return random.nextInt(4) == 0 ? body.substring(0, random.nextInt(body.length())) + "{" : body.toString();
  }

  @Test
  void noiseAndBrokenFramingNeverHurt() throws Exception {
    List<String> before = files();
    Random random = new Random(SEED);
    for (int i = 0; i < 200; i++) {
      byte[] noise = new byte[random.nextInt(300)];
      random.nextBytes(noise);
      assertThat(status(noise)).isLessThan(500);
    }
    for (String raw : List.of("GET /v1/volumes HTTP/1.1\r\nContent-Length: 99\r\n\r\n{", "GET /v1/volumes?owner=%zz HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /v1/volumes HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "GET /v1/volumes HTTP/9.9\r\n\r\n",
        "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\n\r\n", "GET /v1/volumes HTTP/1.1\r\n" + "A: b\r\n".repeat(5000) + "\r\n")) {
      assertThat(status(raw.getBytes(StandardCharsets.UTF_8))).as(raw.lines().findFirst().orElse("")).isLessThan(500);
    }
    assertThat(status("POST", "/v1/volumes", "[".repeat(100_000))).isEqualTo(400);
    assertThat(status("POST", "/v1/volumes", " ".repeat(2 << 20))).isIn(0, 413);
    assertUnharmed(before);
  }

  @Test
  void aQueryOfNonsenseIsRefused() throws Exception {
    assertThat(status("GET", "/v1/volumes?owner=a/b", "")).isEqualTo(400);
    assertThat(status("GET", "/v1/volumes?as=..", "")).isEqualTo(400);
    assertThat(status("GET", "/v1/events?after=-1", "")).isEqualTo(400);
    assertThat(status("GET", "/v1/events?after=999999999999999999999", "")).isEqualTo(400);
    assertThat(status("GET", "/v1/jobs/none?wait=x", "")).isEqualTo(400);
    assertThat(status("GET", "/v1/snapshots?volume=a/b/c", "")).isEqualTo(400);
    assertThat(status("GET", "/v1/trash?pool=nowhere", "")).isEqualTo(404);
    assertThat(status("GET", "/v1/volumes?&&=&owner&", "")).isEqualTo(200);
  }
}
