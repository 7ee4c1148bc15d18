package dev.moorage.testkit.training;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What a router asks of its cluster, while its ahead-of-time cache is made on a machine that has no cluster: {@code ClusterApi DIRECTORY}
 * keeps what it is given, tells of one node, and puts that node's certificates into DIRECTORY/tls as the kubelet would. It shows the
 * certificate of DIRECTORY/api.p12. DIRECTORY/ports says its own port and three that are free: of the node, and for the health of node and router.
 * It knows as much of Kubernetes as that takes; tests have a real one.
 */
public final class ClusterApi {

  private static final char[] PASSWORD = "training".toCharArray();
  private static final Pattern PATH = Pattern.compile("/(?:api/v1|apis/[a-z0-9.]+/v1)/namespaces/[^/]+/([a-z]+)(?:/([^/]+))?");
  private static final Pattern FILE = Pattern.compile("\"((?:ca|tls)\\.(?:crt|key))\":\"([^\"]+)\"");
  private static final String NODES_SECRET = "moorage-node-tls";
  private static final String WEBSOCKET = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final Path directory;
  private final KeptObjects kept = new KeptObjects();

  private ClusterApi(Path directory) {
    this.directory = directory;
  }

  /** See the class; it ends when it is killed. */
  public static void main(String[] words) throws IOException, GeneralSecurityException {
    ClusterApi api = new ClusterApi(Path.of(words[0]));
    int node = freePort();
    api.kept.put("pods", "moorage-node-1", pod(node));
    HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(shown(api.directory.resolve("api.p12"))));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", api::answer);
    server.start();
    write(api.directory.resolve("ports"),
        (server.getAddress().getPort() + " " + node + " " + freePort() + " " + freePort() + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static SSLContext shown(Path file) throws IOException, GeneralSecurityException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(KeyStore.getInstance(file.toFile(), PASSWORD), PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  /** Of the DaemonSet, as far as a router looks at it. */
  private static String pod(int port) {
    return "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"moorage-node-1\",\"namespace\":\"moorage\","
        + "\"labels\":{\"app.kubernetes.io/name\":\"moorage\",\"app.kubernetes.io/component\":\"node\"}},\"spec\":{\"nodeName\":\"node-1\","
        + "\"containers\":[{\"name\":\"moorage\",\"ports\":[{\"name\":\"csi\",\"containerPort\":" + port + "}]}]},"
        + "\"status\":{\"phase\":\"Running\",\"podIP\":\"127.0.0.1\"}}";
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (HttpExchange call = exchange; InputStream sent = call.getRequestBody()) {
      String body = new String(sent.readAllBytes(), StandardCharsets.UTF_8);
      Matcher path = PATH.matcher(call.getRequestURI().getPath());
      if (!path.matches()) {
        send(call, 404, KeptObjects.status(404));
      } else if (String.valueOf(call.getRequestURI().getQuery()).contains("watch=true")) {
        watch(call);
      } else {
        answer(call, path.group(1), path.group(2), body);
      }
    }
  }

  private void answer(HttpExchange call, String plural, @Nullable String name, String body) throws IOException {
    String present = name == null ? kept.list(plural) : kept.find(plural, name);
    switch (call.getRequestMethod()) {
      case "POST" -> send(call, 201, keep(plural, KeptObjects.name(body), body));
      case "PUT" -> send(call, 200, keep(plural, String.valueOf(name), body));
      // To change a part of something that is there changes nothing here, and is answered with what is there.
      default -> send(call, present == null ? 404 : 200, present == null ? KeptObjects.status(404) : present);
    }
  }

  private String keep(String plural, String name, String body) throws IOException {
    if (name.equals(NODES_SECRET)) {
      Path tls = Files.createDirectories(directory.resolve("tls"));
      for (Matcher file = FILE.matcher(body); file.find(); ) {
        write(tls.resolve(file.group(1)), Base64.getDecoder().decode(file.group(2)));
      }
    }
    return kept.put(plural, name, body);
  }

  /** Whole or not at all, for who waits for it. */
  private static void write(Path file, byte[] bytes) throws IOException {
    Path beside = Path.of(file + ".new");
    Files.write(beside, bytes);
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** The connection becomes a WebSocket on which nothing ever comes; the server closes it, as one that is not used, after half a minute. */
  private static void watch(HttpExchange call) throws IOException {
    Headers headers = call.getResponseHeaders();
    headers.set("Upgrade", "websocket");
    headers.set("Connection", "Upgrade");
    headers.set("Sec-WebSocket-Accept", accept(String.valueOf(call.getRequestHeaders().getFirst("Sec-WebSocket-Key"))));
    call.sendResponseHeaders(101, -1);
  }

  private static String accept(String key) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-1");
      return Base64.getEncoder().encodeToString(sha.digest((key + WEBSOCKET).getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }

  private static void send(HttpExchange call, int code, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    call.getResponseHeaders().add("Content-Type", "application/json");
    call.sendResponseHeaders(code, bytes.length);
    call.getResponseBody().write(bytes);
  }
}
