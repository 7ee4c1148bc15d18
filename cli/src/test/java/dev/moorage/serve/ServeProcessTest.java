package dev.moorage.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.client.AdminClient;
import dev.moorage.csi.proto.NodeGetInfoRequest;
import dev.moorage.csi.proto.NodeGetInfoResponse;
import dev.moorage.csi.proto.NodeGrpc;
import dev.moorage.testkit.Scratch;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import jakarta.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The service as a process of its own: what it prints, how it ends. */
final class ServeProcessTest {

  private final Path directory = Scratch.directory("serve");
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void clean() throws InterruptedException {
    for (Process process : started) {
      process.destroyForcibly().waitFor();
    }
    Scratch.remove(directory);
  }

  private Process serve(Map<String, String> environment, String... flags) throws IOException {
    List<String> argv = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED",
        "-cp", System.getProperty("java.class.path"), "dev.moorage.cli.Main", "serve", "--docker-socket", directory + "/s/docker.sock",
        "--admin-socket", directory + "/s/admin.sock", "--run-dir", directory + "/run", "--pool-backends", "directory"));
    argv.addAll(List.of(flags));
    ProcessBuilder builder = new ProcessBuilder(argv).redirectError(directory.resolve("log").toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private String pool() {
    return directory + "/pool";
  }

  private static String firstLine(Process process) throws IOException {
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    return String.valueOf(out.readLine());
  }

  private String log() throws IOException {
    return Files.readString(directory.resolve("log"));
  }

  private static int end(Process process) throws InterruptedException {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  @Test
  void itSaysWhenItIsReadyAndEndsCleanlyWhenItIsTold() throws Exception {
    Process process = serve(Map.of(), "--pool", pool());
    assertThat(firstLine(process)).matches("ready in \\d+ ms: 0 volumes in default " + pool() + "; docker socket "
        + directory + "/s/docker.sock; admin socket " + directory + "/s/admin.sock");
    AdminClient client = new AdminClient(directory.resolve("s/admin.sock"));
    client.post("/v1/volumes", Json.createObjectBuilder().add("name", "db").build());
    assertThat(log()).containsPattern("(?m)^\\d{4}-\\S+Z INFO admin create volume local/db ok \\d+ ms");
    process.destroy();
    assertThat(end(process)).isZero();
    assertThat(directory.resolve("s/admin.sock")).doesNotExist();
    assertThat(directory.resolve("s/docker.sock")).doesNotExist();

    Process again = serve(Map.of("JOURNAL_STREAM", "8:1"), "--pool", pool());
    assertThat(firstLine(again)).contains("1 volumes in default");
    client.delete("/v1/volumes/db");
    assertThat(log()).startsWith("<6>admin remove volume local/db ok");
  }

  @Test
  void kubernetesIsServedBesideDockerOrAlone() throws Exception {
    Path socket = directory.resolve("s/csi.sock");
    for (String docker : List.of(directory + "/s/docker.sock", "none")) {
      Process process = serve(Map.of(), "--pool", pool(), "--docker-socket", docker, "--csi-socket", socket.toString(), "--node-id", "node-1",
          "--csi-volumes-max", "7");
      assertThat(firstLine(process)).startsWith("ready in ").contains("docker socket " + docker + "; csi socket " + socket + "; admin");
      NodeGetInfoResponse info = nodeInfo(socket);
      assertThat(info.getNodeId()).isEqualTo("node-1");
      assertThat(info.getMaxVolumesPerNode()).isEqualTo(7);
      process.destroy();
      assertThat(end(process)).isZero();
      assertThat(socket).doesNotExist();
    }
    Process nameless = serve(Map.of(), "--pool", pool(), "--csi-socket", socket.toString());
    assertThat(end(nameless)).isEqualTo(2);
    assertThat(log()).contains("node-id: must be given with csi-socket");
  }

  @Test
  void aNodeOfAClusterListensForItsRouterAndTellsAnybodyThatItIsWell() throws Exception {
    int router = freePort();
    int health = freePort();
    Process process = serve(Map.of(), "--pool", pool(), "--docker-socket", "none", "--csi-socket", directory + "/s/csi.sock", "--node-id", "node-1",
        "--csi-listen", "127.0.0.1:" + router, "--csi-tls", directory + "/tls", "--health-listen", "127.0.0.1:" + health);
    assertThat(firstLine(process)).contains("; csi port 127.0.0.1:" + router + "; health port 127.0.0.1:" + health);
    for (String path : List.of("/livez", "/health", "/readyz")) {
      assertThat(get(health, path).statusCode()).as(path).isEqualTo(200);
    }
    assertThat(get(health, "/v1/volumes").statusCode()).isEqualTo(404);
    nodeInfo(directory.resolve("s/csi.sock"));
    assertThat(get(health, "/metrics").body()).contains("moorage_csi_calls_total{code=\"OK\",method=\"NodeGetInfo\"} 1.0")
        .contains("# HELP moorage_csi_call_seconds ");
    assertThat(log()).contains("no certificates yet");
    Process second = serve(Map.of(), "--pool", directory + "/other", "--docker-socket", "none", "--admin-socket", directory + "/s/b.sock",
        "--csi-socket", directory + "/s/c.sock", "--node-id", "node-2", "--csi-listen", "127.0.0.1:" + router, "--csi-tls", directory + "/tls");
    assertThat(end(second)).isEqualTo(1);
    assertThat(log()).contains("cannot listen on 127.0.0.1:" + router);
    process.destroy();
    assertThat(end(process)).isZero();
  }

  @Test
  void theRouterSaysWhatItNeedsOfItsPod() throws Exception {
    Process process = serve(Map.of("POD_NAME", "router-1"), "--controller", "--csi-socket", directory + "/s/csi.sock");
    assertThat(end(process)).isEqualTo(1);
    assertThat(log()).startsWith("moorage: cannot start: the router needs the environment variable NAMESPACE").hasLineCount(1);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static HttpResponse<String> get(int port, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private static NodeGetInfoResponse nodeInfo(Path socket) {
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    ManagedChannel channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
        .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class).eventLoopGroup(loop).usePlaintext().build();
    try {
      return NodeGrpc.newBlockingStub(channel).nodeGetInfo(NodeGetInfoRequest.getDefaultInstance());
    } finally {
      channel.shutdownNow();
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  @Test
  void aKilledServiceIsReplacedAlthoughItsSocketsAreStillThere() throws Exception {
    Process killed = serve(Map.of(), "--pool", pool());
    assertThat(firstLine(killed)).startsWith("ready");
    killed.destroyForcibly().waitFor();
    assertThat(directory.resolve("s/admin.sock")).exists();
    assertThat(firstLine(serve(Map.of(), "--pool", pool()))).startsWith("ready");
  }

  @Test
  void aSecondServiceOnTheSamePoolOrSocketEndsWithTheReason() throws Exception {
    assertThat(firstLine(serve(Map.of(), "--pool", pool()))).startsWith("ready");
    Process samePool = serve(Map.of(), "--pool", pool(), "--admin-socket", directory + "/s/b.sock", "--docker-socket", "none");
    assertThat(end(samePool)).isEqualTo(1);
    assertThat(log()).isEqualTo("moorage: cannot open pool default: another process has the pool at " + pool()
        + " open. Stop the other moorage serve, or give this one a pool of its own\n");
    Process sameSocket = serve(Map.of(), "--pool", directory + "/other");
    assertThat(end(sameSocket)).isEqualTo(1);
    assertThat(log()).startsWith("moorage: cannot listen on " + directory + "/s/admin.sock: another process listens there");
    assertThat(directory.resolve("other")).doesNotExist();
    assertThat(new AdminClient(directory.resolve("s/admin.sock")).get("/health").getString("status")).isEqualTo("ok");
  }

  @Test
  void aBadPoolOrConfigurationEndsWithTheReason() throws Exception {
    Files.createDirectories(directory.resolve("foreign"));
    Files.writeString(directory.resolve("foreign/thesis.doc"), "mine");
    Process foreign = serve(Map.of(), "--pool", directory + "/foreign");
    assertThat(end(foreign)).isEqualTo(1);
    assertThat(log()).startsWith("moorage: cannot open pool default: ").contains("thesis.doc").hasLineCount(1);
    Process nowhere = serve(Map.of(), "--pool", "/proc/pool");
    assertThat(end(nowhere)).isEqualTo(1);
    assertThat(log()).startsWith("moorage: cannot open pool default: there is no /proc/pool").hasLineCount(1);
    Process wrong = serve(Map.of("MOORAGE_LOG_LEVEL", "loud"), "--pool", pool());
    assertThat(end(wrong)).isEqualTo(2);
    assertThat(log()).contains("MOORAGE_LOG_LEVEL: 'loud' is not a log level");
  }
}
