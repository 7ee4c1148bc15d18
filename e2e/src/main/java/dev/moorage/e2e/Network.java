package dev.moorage.e2e;

import dev.moorage.process.Command;
import dev.moorage.process.CommandFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A network of this machine alone: a bridge on which this process has an {@link #address}, and a cable to each host, which can be pulled.
 * It needs root. Close it before its hosts or after them; nothing is left of it. For one test thread.
 */
public final class Network implements AutoCloseable {

  private static final Path DEVICES = Path.of("/sys/class/net");
  private static final int HOSTS_MAX = 200;

  private final String bridge;
  private final String subnet;
  private int hosts;

  private Network(String bridge, String subnet) {
    this.bridge = bridge;
    this.subnet = subnet;
  }

  /** Makes one. Its addresses are of the range that is set aside for tests of networks, 198.18.0.0/15. */
  public static Network open() throws IOException {
    byte[] random = new byte[4];
    ThreadLocalRandom.current().nextBytes(random);
    String bridge = "mo" + HexFormat.of().formatHex(random);
    ip("link", "add", bridge, "type", "bridge");
    try {
      // The number of a device is its own as long as it exists.
      int number = Integer.parseInt(Files.readString(DEVICES.resolve(bridge).resolve("ifindex")).strip());
      Network network = new Network(bridge, "198." + (18 + (number >> 8 & 1)) + "." + (number & 0xff) + ".");
      ip("address", "add", network.address() + "/24", "dev", bridge);
      ip("link", "set", bridge, "up");
      return network;
    } catch (IOException e) {
      ip("link", "delete", bridge);
      throw e;
    }
  }

  /** Where servers of this process listen for the hosts. */
  public String address() {
    return subnet + 1;
  }

  /** Lays a cable to a host that has a network namespace of its own. */
  Cable attach(PrivateNamespace host) throws IOException {
    return attach(host.pid());
  }

  /** The same to the network namespace of a process. */
  Cable attach(long pid) throws IOException {
    if (++hosts > HOSTS_MAX) {
      throw new IllegalStateException("too many hosts");
    }
    String end = bridge + "-" + hosts;
    String address = subnet + (hosts + 1);
    ip("link", "add", end, "type", "veth", "peer", "name", "eth0", "netns", Long.toString(pid));
    ip("link", "set", end, "master", bridge, "up");
    Command.of("nsenter", "--target=" + pid, "--net", "--", "ip", "address", "add", address + "/24", "dev", "eth0").run();
    Command.of("nsenter", "--target=" + pid, "--net", "--", "ip", "link", "set", "eth0", "up").run();
    return new Cable(end, address);
  }

  /** Between a host and the network; it goes with the host. */
  public static final class Cable {

    private final String end;
    private final String address;

    private Cable(String end, String address) {
      this.end = end;
      this.address = address;
    }

    /** Where the others in the network find the host. */
    public String address() {
      return address;
    }

    /** From now on nothing arrives, and nobody is told. */
    public void pull() throws IOException {
      ip("link", "set", end, "down");
    }

    /** As before. */
    public void plug() throws IOException {
      ip("link", "set", end, "up");
    }

    /** Takes it away for ever from a host that stays. */
    public void remove() throws IOException {
      ip("link", "delete", end);
    }
  }

  private static void ip(String... words) throws IOException {
    String[] argv = new String[words.length + 1];
    argv[0] = "ip";
    System.arraycopy(words, 0, argv, 1, words.length);
    Command.of(argv).run();
  }

  @Override
  public void close() throws IOException {
    try {
      ip("link", "delete", bridge);
    } catch (CommandFailed e) {
      if (Files.exists(DEVICES.resolve(bridge))) {
        throw e;
      }
    }
  }
}
