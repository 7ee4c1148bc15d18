package dev.moorage.doctor;

import dev.moorage.client.AdminClient;
import dev.moorage.client.ClientException;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The Docker Engine and how it finds the plugin. */
final class DockerChecks {

  private static final List<String> DISCOVERED = List.of("/run/docker/plugins", "/var/run/docker/plugins");

  private final Optional<Path> pluginSocket;
  private final Path engineSocket;

  DockerChecks(Optional<Path> pluginSocket, Path engineSocket) {
    this.pluginSocket = pluginSocket;
    this.engineSocket = engineSocket;
  }

  List<Finding> engine() {
    if (!Files.exists(engineSocket)) {
      return List.of(Finding.warn("docker", "no Docker Engine at " + engineSocket, "Install or start one, if Docker is to use the volumes"));
    }
    AdminClient engine = new AdminClient(engineSocket);
    try {
      String version = engine.get("/version").getString("Version", "?");
      JsonObject info = engine.get("/info");
      List<Finding> findings = new ArrayList<>();
      findings.add(isOld(version)
          ? Finding.warn("docker", "Docker Engine " + version + " is older than what Moorage is tested with", "Update it to 20.10 or newer")
          : Finding.ok("docker", "Docker Engine " + version));
      findings.add(Finding.ok("live-restore", info.getBoolean("LiveRestoreEnabled", false)
          ? "on: containers and their volumes run on while dockerd is replaced"
          : "off: containers end when dockerd is stopped (their volumes do not)"));
      return findings;
    } catch (ClientException e) {
      return List.of(Finding.warn("docker", "the Docker Engine at " + engineSocket + " does not answer",
          "Look at 'systemctl status docker', or run the doctor as root"));
    }
  }

  static boolean isOld(String version) {
    String[] numbers = version.split("\\D+", 3);
    try {
      int major = Integer.parseInt(numbers[0]);
      return major < 20 || (major == 20 && numbers.length > 1 && Integer.parseInt(numbers[1]) < 10);
    } catch (NumberFormatException odd) {
      return false;
    }
  }

  List<Finding> discovery() {
    if (pluginSocket.isEmpty()) {
      return List.of(Finding.ok("discovery", "Docker is not served, as configured"));
    }
    Path socket = pluginSocket.get();
    Path directory = socket.getParent();
    if (directory == null || !DISCOVERED.contains(directory.toString()) || !socket.toString().endsWith(".sock")) {
      return List.of(Finding.warn("discovery", "dockerd does not look for plugins at " + socket,
          "Use /run/docker/plugins/moorage.sock, or write the line unix://" + socket + " into /etc/docker/plugins/moorage.spec"));
    }
    String driver = String.valueOf(socket.getFileName()).replaceFirst("\\.sock$", "");
    return List.of(Finding.ok("discovery", "dockerd finds the volume driver '" + driver + "' at " + socket));
  }

  /** One finding for each socket file that is there. */
  static List<Finding> sockets(List<Path> sockets) {
    List<Finding> findings = new ArrayList<>();
    for (Path socket : sockets) {
      if (Files.exists(socket)) {
        findings.add(answers(socket) ? Finding.ok("socket", socket + " is listened on")
            : Finding.warn("socket", socket + " is there, but nobody listens or this user may not connect: a killed service leaves that behind",
                "Start the service, which replaces it: until then every 'docker volume' command waits 15 s for it"));
      }
    }
    return findings;
  }

  private static boolean answers(Path socket) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException refused) {
      return false;
    }
  }
}
