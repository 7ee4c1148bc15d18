package dev.moorage.testkit.training;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a router asks of a cluster while its ahead-of-time cache is made, where there is none: {@code ClusterApi DIRECTORY} keeps what it is
 * given, tells of one node, and writes that node's certificates to DIRECTORY/tls as the kubelet would. It says its own port and the node's in
 * DIRECTORY/ports. It knows as much of Kubernetes as that takes; tests have a real one.
 */
public final class ClusterApi {

  private static final Pattern PATH = Pattern.compile("/(?:api/v1|apis/[a-z0-9.]+/v1)/namespaces/[^/]+/([a-z]+)(?:/([^/]+))?");
  private static final Pattern NAME = Pattern.compile("\"name\":\"([^\"]+)\"");
  private static final Pattern FILE = Pattern.compile("\"((?:ca|tls)\\.(?:crt|key))\":\"([^\"]+)\"");
  private static final Map<String, String> KINDS = Map.of("pods", "v1 Pod", "configmaps", "v1 ConfigMap", "secrets", "v1 Secret",
      "leases", "coordination.k8s.io/v1 Lease", "events", "v1 Event");

  private final Path directory;
  private final Map<String, Map<String, String>> kept = new TreeMap<>();
  private final AtomicLong versions = new AtomicLong();

  private ClusterApi(Path directory) {
    this.directory = directory;
  }

  /** See the class; it ends when it is killed. */
  public static void main(String[] words) throws IOException {
    ClusterApi api = new ClusterApi(Path.of(words[0]));
    int node = freePort();
    api.put("pods", "moorage-node-1", "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"moorage-node-1\",\"namespace\":\"moorage\","
        + "\"labels\":{\"app.kubernetes.io/name\":\"moorage\",\"app.kubernetes.io/component\":\"node\"}},\"spec\":{\"nodeName\":\"node-1\","
        + "\"containers\":[{\"name\":\"moorage\",\"ports\":[{\"name\":\"csi\",\"containerPort\":" + node + "}]}]},"
        + "\"status\":{\"phase\":\"Running\",\"podIP\":\"127.0.0.1\"}}");
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", api::answer);
    server.start();
    Path ports = api.directory.resolve("ports");
    Files.writeString(Path.of(ports + ".new"), server.getAddress().getPort() + " " + node + "\n");
    Files.move(Path.of(ports + ".new"), ports);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (HttpExchange call = exchange) {
      Matcher path = PATH.matcher(call.getRequestURI().getPath());
      if (!path.matches() || !KINDS.containsKey(path.group(1))) {
        send(call, 404, status(404));
      } else if (String.valueOf(call.getRequestURI().getQuery()).contains("watch=true")) {
        watch(call);
      } else {
        String body = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        answer(call, path.group(1), path.group(2), body);
      }
    }
  }

  private synchronized void answer(HttpExchange call, String plural, @Nullable String name, String body) throws IOException {
    switch (call.getRequestMethod()) {
      case "POST" -> {
        Matcher named = NAME.matcher(body);
        send(call, 201, put(plural, named.find() ? named.group(1) : "event-" + versions.get(), body));
      }
      case "PUT" -> send(call, 200, put(plural, String.valueOf(name), body));
      default -> {
        String found = name == null ? list(plural) : kept.getOrDefault(plural, Map.of()).get(name);
        send(call, found == null ? 404 : 200, found == null ? status(404) : found);
      }
    }
  }

  private synchronized String put(String plural, String name, String body) throws IOException {
    String text = body.replaceFirst("\"resourceVersion\":\"[^\"]*\",?", "")
        .replaceFirst("\"metadata\":\\{", "\"metadata\":{\"resourceVersion\":\"" + versions.incrementAndGet() + "\",");
    kept.computeIfAbsent(plural, _ -> new TreeMap<>()).put(name, text);
    if (name.equals("moorage-node-tls")) {
      Path tls = Files.createDirectories(directory.resolve("tls"));
      for (Matcher file = FILE.matcher(text); file.find(); ) {
        Files.write(tls.resolve(file.group(1)), Base64.getDecoder().decode(file.group(2)));
      }
    }
    return text;
  }

  private String list(String plural) {
    String[] kind = KINDS.getOrDefault(plural, "v1 Thing").split(" ", -1);
    return "{\"apiVersion\":\"" + kind[0] + "\",\"kind\":\"" + kind[1] + "List\",\"metadata\":{\"resourceVersion\":\"" + versions.get()
        + "\"},\"items\":[" + kept.getOrDefault(plural, Map.of()).values().stream().collect(Collectors.joining(",")) + "]}";
  }

  private static String status(int code) {
    return "{\"apiVersion\":\"v1\",\"kind\":\"Status\",\"status\":\"Failure\",\"code\":" + code + "}";
  }

  /** Nothing ever happens. */
  private static void watch(HttpExchange call) throws IOException {
    call.getResponseHeaders().add("Content-Type", "application/json");
    call.sendResponseHeaders(200, 0);
    try (OutputStream body = call.getResponseBody()) {
      body.flush();
      Thread.sleep(60_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(HttpExchange call, int code, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    call.getResponseHeaders().add("Content-Type", "application/json");
    call.sendResponseHeaders(code, bytes.length);
    call.getResponseBody().write(bytes);
  }
}
