package dev.moorage.csi.kubernetes;

import dev.moorage.process.Command;
import dev.moorage.testkit.DevScript;
import dev.moorage.testkit.Scratch;
import dev.moorage.testkit.Until;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The API of Kubernetes, and nothing else of it: etcd and kube-apiserver as processes of this test, on ports of their own. */
final class ApiServer implements AutoCloseable {

  static final String ADMIN = "admin-token";
  static final String CONTROLLER = "controller-token";

  private final Path directory = Scratch.directory("api");
  private final Path programs;
  private final List<Process> started = new ArrayList<>();
  private final int port = freePort();
  private final List<String> server;
  private Process api;

  ApiServer() throws IOException {
    programs = Path.of(DevScript.run("cluster/build.sh"));
    String store = "http://127.0.0.1:" + freePort();
    start("etcd", List.of(programs.resolve("etcd").toString(), "--data-dir", directory + "/etcd", "--listen-client-urls", store,
        "--advertise-client-urls", store, "--listen-peer-urls", "http://127.0.0.1:" + freePort(), "--unsafe-no-fsync"));
    Files.writeString(directory.resolve("tokens"), ADMIN + ",admin,1,\"system:masters\"\n" + CONTROLLER
        + ",system:serviceaccount:moorage-system:moorage-controller,2,\"system:serviceaccounts,system:authenticated\"\n");
    Command.of("openssl", "genrsa", "-out", directory + "/sa.key", "2048").run();
    Command.of("openssl", "rsa", "-in", directory + "/sa.key", "-pubout", "-out", directory + "/sa.pub").run();
    server = List.of(programs.resolve("kube-apiserver").toString(), "--etcd-servers=" + store, "--secure-port=" + port,
        "--bind-address=127.0.0.1", "--cert-dir=" + directory + "/certs", "--token-auth-file=" + directory + "/tokens",
        "--authorization-mode=RBAC", "--service-cluster-ip-range=10.0.0.0/24", "--service-account-issuer=https://kubernetes.default.svc",
        "--service-account-key-file=" + directory + "/sa.pub", "--service-account-signing-key-file=" + directory + "/sa.key",
        "--endpoint-reconciler-type=none", "--disable-admission-plugins=ServiceAccount");
    api = start("apiserver", server);
    awaitReady();
  }

  private Process start(String name, List<String> argv) throws IOException {
    Process process = new ProcessBuilder(argv).redirectErrorStream(true).redirectOutput(directory.resolve(name + ".log").toFile()).start();
    started.add(process);
    return process;
  }

  private void awaitReady() throws IOException {
    try (KubernetesClient client = client(ADMIN)) {
      Until.demand("the API answers", Duration.ofSeconds(90), () -> {
        try {
          return client.namespaces().withName("default").get() != null;
        } catch (KubernetesClientException e) {
          return false;
        }
      });
    }
  }

  /** For whoever has the token. */
  Config config(String token) {
    return new ConfigBuilder(Config.empty()).withMasterUrl("https://127.0.0.1:" + port).withOauthToken(token).withTrustCerts(true)
        .withRequestRetryBackoffLimit(0).build();
  }

  KubernetesClient client(String token) {
    return new KubernetesClientBuilder().withConfig(config(token)).withHttpClientFactory(new JdkHttpClientFactory()).build();
  }

  /** Until {@link #comeBack} nobody answers. */
  void goAway() throws InterruptedException {
    api.destroyForcibly().waitFor();
  }

  void comeBack() throws IOException {
    api = start("apiserver", server);
    awaitReady();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    for (Process process : started.reversed()) {
      process.destroyForcibly().onExit().join();
    }
    Scratch.remove(directory);
  }
}
