package dev.moorage.objectstore.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.Listing;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.objectstore.StoreLocation;
import dev.moorage.objectstore.Version;
import dev.moorage.objectstore.s3.CannedServer.Answer;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Goal: what is sent, and what each answer means. Method: a server with canned answers. */
class S3ObjectStoreTest {

  private static final ObjectKey KEY = new ObjectKey("packs/one");
  private static final String SECRET = "hunter2hunter2hunter2";

  @TempDir
  private Path directory;

  private CannedServer server;
  private ObjectStore store;

  @BeforeEach
  void open() throws Exception {
    server = new CannedServer();
    store = new S3Stores().open(location(Map.of()));
  }

  @AfterEach
  void close() throws Exception {
    store.close();
    server.close();
  }

  private StoreLocation location(Map<String, String> more) throws Exception {
    Path credentials = directory.resolve("credentials");
    Files.writeString(credentials, "[default]\naws_access_key_id = KEYID\naws_secret_access_key = " + SECRET + "\n");
    Map<String, String> options = new HashMap<>(Map.of("endpoint", server.endpoint().toString(), "credentials-file",
        credentials.toString(), "timeout", "2"));
    options.putAll(more);
    return StoreLocation.of("s3://bucket/some/prefix", options);
  }

  @Test
  void aCreateSaysThatItMustNotOverwriteAndCarriesItsChecksum() throws Exception {
    server.answer(Answer.stored("\"tag\""));
    assertThat(store.putIfAbsent(KEY, text("hello"))).contains(new Version("\"tag\""));
    CannedServer.Question asked = server.questions().getFirst();
    assertThat(asked.method()).isEqualTo("PUT");
    assertThat(asked.uri().getPath()).isEqualTo("/bucket/some/prefix/packs/one");
    assertThat(asked.header("If-None-Match")).isEqualTo("*");
    assertThat(asked.header("x-amz-checksum-crc32c")).isEqualTo("mnG7TA==");
    assertThat(asked.header("Content-Length")).isEqualTo("5");
    assertThat(asked.header("x-amz-content-sha256")).isEqualTo("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    assertThat(asked.header("Authorization")).contains("KEYID/").doesNotContain(SECRET);
  }

  @Test
  void aReplaceNamesTheVersionAndNewObjectsHaveTheStorageClass() throws Exception {
    try (ObjectStore other = new S3Stores().open(location(Map.of("storage-class", "STANDARD_IA", "checksums", "none")))) {
      server.answer(Answer.stored("\"b\""));
      assertThat(other.replaceIfMatch(KEY, new Version("\"a\""), text("x"))).contains(new Version("\"b\""));
    }
    CannedServer.Question asked = server.questions().getFirst();
    assertThat(asked.header("If-Match")).isEqualTo("\"a\"");
    assertThat(asked.header("x-amz-storage-class")).isEqualTo("STANDARD_IA");
    assertThat(asked.headers()).doesNotContainKey("X-amz-checksum-crc32c");
  }

  @Test
  void aRefusedConditionIsAnAnswerAndAConflictIsAskedAgain() throws Exception {
    server.answer(Answer.error(412, "PreconditionFailed", "no"));
    assertThat(store.putIfAbsent(KEY, text("x"))).isEmpty();
    server.answer(Answer.error(409, "ConditionalRequestConflict", "busy"), Answer.error(409, "ConditionalRequestConflict", "busy"),
        Answer.stored("\"a\""));
    assertThat(store.putIfAbsent(KEY, text("x"))).isPresent();
    server.answer(Answer.error(404, "NoSuchKey", "gone"));
    assertThat(store.replaceIfMatch(KEY, new Version("\"a\""), text("x"))).isEmpty();
    assertThat(server.questions()).hasSize(5);
  }

  @ParameterizedTest
  @CsvSource({
      "500, InternalError, Unavailable", "503, ServiceUnavailable, Unavailable", "503, SlowDown, Throttled", "429, TooMany, Throttled",
      "403, AccessDenied, Denied", "403, SignatureDoesNotMatch, Denied", "403, RequestTimeTooSkewed, Unavailable", "400, ExpiredToken, Denied",
      "400, BadDigest, Corrupt", "400, XAmzContentChecksumMismatch, Corrupt", "507, Full, NoSpace", "403, QuotaExceeded, NoSpace",
      "301, PermanentRedirect, Invalid", "404, NoSuchBucket, Invalid", "501, NotImplemented, ConditionsUnsupported",
      "400, RequestTimeout, Unavailable", "400, InvalidStorageClass, Invalid"})
  void everyAnswerHasItsKindAndIsNotRepeated(int status, String code, String kind) {
    server.answer(Answer.error(status, code, "the message of the store."));
    assertThatThrownBy(() -> store.putIfAbsent(KEY, text("x")))
        .isInstanceOf(ObjectStoreException.class)
        .hasMessageStartingWith("cannot create object packs/one of s3://bucket/some/prefix: ")
        .hasMessageNotContaining(SECRET)
        .satisfies(e -> assertThat(e.getClass().getSimpleName()).isEqualTo(kind));
    assertThat(server.questions()).hasSize(1);
  }

  /** The answer to a HEAD has no text, that to a GET names what is wrong. */
  @Test
  void aClockThatIsOffIsNamedAndToldOfItTheClientSignsByTheStoresClock() throws Exception {
    ZonedDateTime tomorrow = ZonedDateTime.now(Clock.systemUTC()).plusDays(1);
    List<String> asked = new CopyOnWriteArrayList<>();
    try (ServerSocket ahead = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        ObjectStore other = new S3Stores().open(location(Map.of("endpoint", "http://127.0.0.1:" + ahead.getLocalPort())))) {
      String skewed = "<Error><Code>RequestTimeTooSkewed</Code><Message>m</Message></Error>";
      Thread.ofPlatform().daemon().start(() -> answerAll(ahead, tomorrow, asked, List.of("403 Forbidden", "403 Forbidden", "404 Not Found"),
          List.of("", skewed, "")));
      for (ThrowingCallable request : List.<ThrowingCallable>of(() -> other.head(KEY), () -> other.get(KEY))) {
        assertThatThrownBy(request).isInstanceOf(ObjectStoreException.Unavailable.class)
            .hasMessageMatching(".*the store answered 403.*: the clock of this host is 2[34] h behind the store's.*")
            .satisfies(e -> assertThat(((ObjectStoreException) e).remedy()).contains("Set the clock of this host"));
      }
      assertThat(other.head(KEY)).isEmpty();
    }
    String day = DateTimeFormatter.BASIC_ISO_DATE.format(tomorrow.toLocalDate());
    assertThat(asked.getFirst()).doesNotContain("/" + day + "/");
    assertThat(asked.getLast()).contains("/" + day + "/");
  }

  private static void answerAll(ServerSocket server, ZonedDateTime now, List<String> asked, List<String> states, List<String> bodies) {
    for (int i = 0; i < states.size(); i++) {
      try (Socket socket = server.accept();
          BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
        asked.add(in.lines().takeWhile(line -> !line.isEmpty()).collect(Collectors.joining("\n")));
        socket.getOutputStream().write(("HTTP/1.1 " + states.get(i) + "\r\nDate: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(now)
            + "\r\nContent-Type: application/xml\r\nContent-Length: " + bodies.get(i).length() + "\r\nConnection: close\r\n\r\n"
            + bodies.get(i)).getBytes(StandardCharsets.US_ASCII));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void aThrottlingStoreMaySayForHowLong() {
    server.answer(Answer.of(503, Map.of("Retry-After", "7"), "<Error><Code>SlowDown</Code><Message>m</Message></Error>"));
    assertThatThrownBy(() -> store.head(KEY)).isInstanceOf(ObjectStoreException.class);
    server.answer(Answer.of(503, Map.of("Retry-After", "7"), "<Error><Code>SlowDown</Code><Message>m</Message></Error>"));
    assertThatThrownBy(() -> store.get(KEY)).isInstanceOfSatisfying(ObjectStoreException.Throttled.class,
        e -> assertThat(e.retryAfter()).contains(Duration.ofSeconds(7)));
  }

  @Test
  void anAnswerThatBreaksOffIsNoEnd() throws Exception {
    server.answer(new Answer(200, Map.of("ETag", "\"a\""), "hello", 50));
    try (ObjectStream in = store.get(KEY)) {
      assertThatThrownBy(in::readAllBytes).isInstanceOf(ObjectStoreException.Unavailable.class);
    }
  }

  @Test
  void aWriteWhoseAnswerIsLostIsNotRepeatedBehindOurBack() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    try (ServerSocket rude = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        ObjectStore other = new S3Stores().open(location(Map.of("endpoint", "http://127.0.0.1:" + rude.getLocalPort())))) {
      Thread.ofPlatform().daemon().start(() -> hangUpOnEveryone(rude, connections));
      for (Content content : List.of(text("x"), text(""))) {
        connections.set(0);
        assertThatThrownBy(() -> other.putIfAbsent(KEY, content)).isInstanceOf(ObjectStoreException.Unavailable.class);
        assertThat(connections).as("connections for %s bytes", content.length()).hasValue(1);
      }
    }
  }

  @Test
  void aWriteThatCannotBeReadToItsEndHangsUp() throws Exception {
    AtomicInteger opened = new AtomicInteger();
    CountDownLatch hungUp = new CountDownLatch(1);
    try (ServerSocket patient = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        ObjectStore other = new S3Stores().open(location(Map.of("endpoint", "http://127.0.0.1:" + patient.getLocalPort())))) {
      Thread.ofPlatform().daemon().start(() -> waitForTheEnd(patient, hungUp));
      assertThatThrownBy(() -> other.putIfAbsent(KEY, new Shrinking(opened, 1))).isInstanceOf(ObjectStoreException.Corrupt.class);
      assertThat(opened).as("read to be signed, and to be sent").hasValue(2);
      assertThat(hungUp.await(5, TimeUnit.SECONDS)).as("the connection is closed").isTrue();
    }
  }

  @Test
  void whatCannotBeReadIsNotSent() throws Exception {
    Path file = Files.write(directory.resolve("short"), new byte[100_000]);
    assertThatThrownBy(() -> store.putIfAbsent(KEY, Content.of(file, 0, 200_000, 0))).isInstanceOf(ObjectStoreException.Corrupt.class)
        .hasMessageContaining("100000 bytes too early");
    Files.delete(file);
    assertThatThrownBy(() -> store.putIfAbsent(KEY, Content.of(file, 0, 200_000, 0))).isInstanceOf(ObjectStoreException.Unavailable.class)
        .hasMessageContaining("what is to be sent cannot be read").hasMessageContaining("the disk of this host");
    assertThat(server.questions()).isEmpty();
  }

  /** Is as long as it says when it is read so often, and afterwards too short. */
  private record Shrinking(AtomicInteger opened, int whole) implements Content {

    private static final int LENGTH = 200_000;

    @Override
    public long length() {
      return LENGTH;
    }

    @Override
    public int crc32c() {
      return 0;
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(new byte[opened.incrementAndGet() <= whole ? LENGTH : LENGTH / 2]);
    }
  }

  private static void waitForTheEnd(ServerSocket patient, CountDownLatch ended) {
    try (Socket socket = patient.accept()) {
      socket.getInputStream().readAllBytes();
      ended.countDown();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Reads what comes within a moment and closes without a word. */
  private static void hangUpOnEveryone(ServerSocket rude, AtomicInteger connections) {
    while (!rude.isClosed()) {
      try (Socket socket = rude.accept()) {
        connections.incrementAndGet();
        socket.setSoTimeout(300);
        socket.getInputStream().readAllBytes();
      } catch (IOException e) {
        // The time-out, or the end of the test: on to the next one, or out of the loop.
      }
    }
  }

  @Test
  void aServerThatIsSilentIsGivenUpInTime() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        ObjectStore other = new S3Stores().open(location(Map.of("endpoint", "http://127.0.0.1:" + silent.getLocalPort())))) {
      assertThatThrownBy(() -> other.head(KEY)).isInstanceOf(ObjectStoreException.Unavailable.class).hasMessageContaining("in time");
    }
  }

  @Test
  void aServerThatIsAbsentIsUnavailable() throws Exception {
    try (ObjectStore other = new S3Stores().open(location(Map.of("endpoint", "http://127.0.0.1:1")))) {
      assertThatThrownBy(() -> other.head(KEY)).isInstanceOf(ObjectStoreException.Unavailable.class);
      assertThatThrownBy(() -> other.putIfAbsent(KEY, text("x"))).isInstanceOf(ObjectStoreException.Unavailable.class);
    }
  }

  @Test
  void anotherRangeThanTheOneAskedForIsNoticed() {
    server.answer(Answer.of(200, Map.of("ETag", "\"a\""), "the whole object"));
    assertThatThrownBy(() -> store.getRange(KEY, 4, 5)).isInstanceOf(ObjectStoreException.Corrupt.class);
    server.answer(Answer.of(206, Map.of("ETag", "\"a\"", "Content-Range", "bytes 4-6/7"), "who"));
    assertThatThrownBy(() -> store.getRange(KEY, 4, 5)).isInstanceOf(ObjectStoreException.InvalidRange.class);
  }

  @Test
  void foreignNamesAreLeftOutOfAListThatGoesOnAfterThem() throws Exception {
    server.answer(Answer.of(200, Map.of("Content-Type", "application/xml"), "<ListBucketResult><IsTruncated>true</IsTruncated>"
        + "<Contents><Key>some/prefix/packs/1</Key><Size>7</Size><LastModified>2026-01-02T03:04:05Z</LastModified></Contents>"
        + "<Contents><Key>some/prefix/packs/folder/</Key><Size>0</Size><LastModified>2026-01-02T03:04:05Z</LastModified></Contents>"
        + "</ListBucketResult>"));
    Listing page = store.list("packs/", Optional.of("packs/0"), 2);
    assertThat(page.objects()).extracting(entry -> entry.key().value()).containsExactly("packs/1");
    assertThat(page.next()).contains("packs/folder/");
    assertThat(server.questions().getFirst().uri().getQuery()).contains("prefix=some/prefix/packs/", "start-after=some/prefix/packs/0",
        "max-keys=2");
  }

  @Test
  void withoutCredentialsItIsDeniedAndSaysWhereTheyAreLookedFor() throws Exception {
    Path empty = Files.writeString(directory.resolve("empty"), "");
    System.setProperty("aws.disableEc2Metadata", "true");
    try (ObjectStore other = new S3Stores().open(location(Map.of("credentials-file", empty.toString())))) {
      assertThatThrownBy(() -> other.head(KEY)).isInstanceOf(ObjectStoreException.Denied.class).hasMessageContaining("credentials")
          .hasMessageContaining("docs/object-stores.md");
    } finally {
      System.clearProperty("aws.disableEc2Metadata");
    }
  }

  @Test
  void aWebIdentityIsExchangedForCredentials() throws Exception {
    Path token = Files.writeString(directory.resolve("token"), "a.web.token");
    Map<String, String> properties = Map.of("aws.webIdentityTokenFile", token.toString(), "aws.roleArn", "arn:aws:iam::1:role/moorage",
        "aws.endpointUrlSts", server.endpoint() + "/sts", "aws.region", "us-east-1");
    server.answer(Answer.of(200, Map.of("Content-Type", "text/xml"), "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult>"
        + "<Credentials><AccessKeyId>WEBKEY</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>SESSION</SessionToken>"
        + "<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult>"
        + "</AssumeRoleWithWebIdentityResponse>"), Answer.stored("\"a\""));
    withProperties(properties, () -> {
      try (ObjectStore other = new S3Stores().open(location(Map.of()))) {
        other.putIfAbsent(KEY, text("x"));
      }
    });
    assertThat(server.questions()).hasSize(2);
    assertThat(server.questions().getFirst().header("Authorization")).as("a token needs no signature").isEqualTo("null");
    assertThat(server.questions().getLast().header("Authorization")).contains("WEBKEY/");
    assertThat(server.questions().getLast().header("x-amz-security-token")).isEqualTo("SESSION");
  }

  @Test
  void theMachinesOwnCredentialsAreUsed() throws Exception {
    Path empty = Files.writeString(directory.resolve("empty"), "");
    server.answer(Answer.of(200, Map.of("x-aws-ec2-metadata-token-ttl-seconds", "21600"), "imds-token"), Answer.of(200, Map.of(), "role"),
        Answer.of(200, Map.of("Content-Type", "application/json"), "{\"Code\":\"Success\",\"LastUpdated\":\"2026-01-01T00:00:00Z\","
            + "\"Type\":\"AWS-HMAC\",\"AccessKeyId\":\"MACHINE\",\"SecretAccessKey\":\"s\",\"Token\":\"t\","
            + "\"Expiration\":\"2099-01-01T00:00:00Z\"}"),
        Answer.stored("\"a\""));
    withProperties(Map.of("aws.ec2MetadataServiceEndpoint", server.endpoint().toString()), () -> {
      try (ObjectStore other = new S3Stores().open(location(Map.of("credentials-file", empty.toString())))) {
        other.putIfAbsent(KEY, text("x"));
      }
    });
    assertThat(server.questions().getLast().header("Authorization")).contains("MACHINE/");
  }

  private interface Action {
    void run() throws Exception;
  }

  private static void withProperties(Map<String, String> properties, Action action) throws Exception {
    properties.forEach(System::setProperty);
    try {
      action.run();
    } finally {
      properties.keySet().forEach(System::clearProperty);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"endpoint=ftp://x", "endpoint=http://user:hunter2hunter2hunter2@x", "path-style=maybe",
      "conditional-writes=perhaps", "checksums=md5", "timeout=0", "ca-file=/does/not/exist", "secret-key=hunter2hunter2hunter2"})
  void aWrongOptionIsNamedWithoutItsValue(String option) throws Exception {
    String[] parts = option.split("=", 2);
    StoreLocation location = location(Map.of(parts[0], parts[1]));
    assertThatThrownBy(() -> new S3Stores().open(location)).isInstanceOf(ObjectStoreException.Invalid.class)
        .hasMessageContaining(parts[0]).hasMessageNotContaining(SECRET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3:///prefix", "s3://UPPER/x", "s3://b/x", "s3://bucket/../x"})
  void aWrongAddressIsRefused(String address) throws Exception {
    StoreLocation location = StoreLocation.of(address);
    assertThatThrownBy(() -> new S3Stores().open(location)).isInstanceOf(ObjectStoreException.Invalid.class);
  }

  private static Content text(String text) {
    return Content.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
