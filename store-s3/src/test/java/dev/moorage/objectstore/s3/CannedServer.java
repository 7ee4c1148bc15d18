package dev.moorage.objectstore.s3;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** A server that answers what a test told it to, in that order, and remembers what it was asked. */
final class CannedServer implements AutoCloseable {

  /** An answer; a length beyond that of the body breaks off. */
  record Answer(int status, Map<String, String> headers, String body, long length) {

    static Answer of(int status, Map<String, String> headers, String body) {
      return new Answer(status, headers, body, body.getBytes(StandardCharsets.UTF_8).length);
    }

    /** A failure as S3 words it. */
    static Answer error(int status, String code, String message) {
      return of(status, Map.of("Content-Type", "application/xml"),
          "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>" + message + "</Message></Error>");
    }

    static Answer stored(String tag) {
      return of(200, Map.of("ETag", tag), "");
    }
  }

  /** What was asked. */
  record Question(String method, URI uri, Headers headers) {

    String header(String name) {
      return String.valueOf(headers.getFirst(name));
    }
  }

  private final HttpServer server;
  private final String scheme;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final List<Question> questions = new CopyOnWriteArrayList<>();

  CannedServer() throws IOException {
    this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0), "http");
  }

  /** Speaks TLS. */
  static CannedServer secure(SSLContext context) throws IOException {
    HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    return new CannedServer(server, "https");
  }

  private CannedServer(HttpServer server, String scheme) {
    this.server = server;
    this.scheme = scheme;
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  URI endpoint() {
    return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort());
  }

  void answer(Answer... next) {
    answers.addAll(List.of(next));
  }

  List<Question> questions() {
    return questions;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      questions.add(new Question(exchange.getRequestMethod(), exchange.getRequestURI(), exchange.getRequestHeaders()));
      exchange.getRequestBody().readAllBytes();
      Answer answer = answers.poll();
      if (answer == null) {
        answer = Answer.error(418, "Unexpected", "the test expected no such request");
      }
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(answer.status(), answer.length() == 0 || head ? -1 : answer.length());
      if (!head) {
        exchange.getResponseBody().write(body);
        exchange.getResponseBody().flush();
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
