package dev.moorage.e2e;

import dev.moorage.process.Command;
import dev.moorage.process.CommandFailed;
import dev.moorage.testkit.DevScript;
import dev.moorage.testkit.Until;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A real Kubernetes of two nodes in namespaces of this machine ({@code dev.d/cluster}), with Moorage on it as its image and manifests
 * install it. Its door is kubectl. When it is closed, or when this process dies, everything inside ends and nothing is left of it.
 * Safe for use by several test threads.
 */
public final class Cluster implements AutoCloseable {

  /** The bucket server that pods reach. */
  public static final String STORE = "http://10.1.0.254:7070";

  /** Where the driver is. */
  public static final String SYSTEM = "moorage-system";

  private static final Duration COMMAND_DEADLINE = Duration.ofMinutes(3);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Path directory;
  private final Process takesDown;

  private Cluster(Path directory, Process takesDown) {
    this.directory = directory;
    this.takesDown = takesDown;
  }

  /** Starts one whose state lies in a directory, with Moorage on both nodes. The product's image must have been made. */
  public static Cluster start(Path directory) throws IOException {
    Path repository = DevScript.repository();
    Path down = repository.resolve("dev.d/cluster/down.sh");
    // In a session of its own: an interrupted test run must not end it before it has done its work.
    Process takesDown = new ProcessBuilder("setsid", down.toString(), directory.toString(), "--after-input").inheritIO()
        .redirectInput(ProcessBuilder.Redirect.PIPE).start();
    Cluster cluster = new Cluster(directory, takesDown);
    try {
      DevScript.run("cluster/up.sh", directory.toString(), repository.resolve("dist/moorage-image.tar").toString());
      DevScript.run("cluster/deploy.sh", directory.toString());
      return cluster;
    } catch (IOException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** The one that {@code ./dev cluster up} started in a directory. It stays when this is closed. */
  public static Cluster running(Path directory) throws IOException {
    return new Cluster(directory, new ProcessBuilder("cat").start());
  }

  /** Runs kubectl; what it printed, without white space around it. */
  public String kubectl(String... words) throws IOException {
    return kubectl(COMMAND_DEADLINE, List.of(words));
  }

  String kubectl(Duration deadline, List<String> words) throws IOException {
    List<String> argv = new ArrayList<>(List.of("nsenter", "--target=" + pid(), "--net", "--",
        Files.readString(directory.resolve("programs")).strip() + "/kubectl", "--kubeconfig=" + directory.resolve("admin.conf")));
    argv.addAll(words);
    try {
      return new Command(argv, deadline).run().strip();
    } catch (CommandFailed e) {
      String errors = e.errorOutput().strip();
      throw new IOException("kubectl " + String.join(" ", words) + ": " + (errors.isEmpty() ? e.getMessage() : errors), e);
    }
  }

  /** A namespace for one test. */
  public ClusterNamespace namespace(String name) throws IOException {
    return namespace(name, Duration.ofSeconds(90));
  }

  /** The same for one in which everything may take so long. */
  public ClusterNamespace namespace(String name, Duration patience) throws IOException {
    return ClusterNamespace.create(this, name, patience);
  }

  /** Runs a program on a node, outside of its containers; what it printed. */
  public String onNode(int node, String... words) throws IOException {
    return inside(Path.of("node-" + node, "pid"), List.of(words));
  }

  private String inside(Path nodePid, List<String> words) throws IOException {
    List<String> argv = new ArrayList<>(List.of("nsenter", "--target=" + pid(), "--mount", "--pid", "--net", "--ipc", "--uts", "--",
        "nsenter", "--target=" + Files.readString(directory.resolve(nodePid)).strip(), "--mount", "--pid", "--net", "--uts", "--"));
    argv.addAll(words);
    return new Command(argv, COMMAND_DEADLINE).run().strip();
  }

  /** Pulls the plug of a node. */
  public void killNode(int node) throws IOException {
    DevScript.run("cluster/node-kill.sh", directory.toString(), Integer.toString(node));
  }

  /** Switches a killed node on again. */
  public void startNode(int node) throws IOException {
    DevScript.run("cluster/node-start.sh", directory.toString(), Integer.toString(node));
  }

  /** Takes all that a killed node's pool held; there is a new and empty disk when the node starts again. */
  public void replaceDisk(int node) throws IOException {
    Path disk = directory.resolve("node-" + node).resolve("pool.xfs");
    Command.of("mkfs.xfs", "-q", "-f", "-s", "size=4096", "-m", "reflink=1", disk.toString()).run();
  }

  /** Kills the kubelet of a node with SIGKILL; it is started again as by an init system. */
  public void killKubelet(int node) throws IOException {
    onNode(node, "kill", "-KILL", Files.readString(directory.resolve("node-" + node).resolve("kubelet.pid")).strip());
  }

  /** Kills the driver on a node with SIGKILL; another pod takes its place at once. */
  public void killDriver(int node) throws IOException {
    // In the node's own process namespace there is one driver at most.
    for (String pid : onNode(node, "sh", "-c", "pgrep -f csi.moorage.dev-reg.sock || true").lines().toList()) {
      onNode(node, "sh", "-c", "kill -KILL " + pid + " || true");
    }
    // The kubelet would wait longer from time to time before it starts a container again that ended so.
    kubectl("-n", SYSTEM, "delete", "pod", "-l", "app.kubernetes.io/component=node", "--field-selector=spec.nodeName=node-" + node,
        "--force", "--grace-period=0", "--wait=false");
  }

  /** Waits until the driver answers on both nodes. */
  public void awaitDrivers() throws IOException {
    watch("the node pods are there", PATIENCE, List.of("-n", SYSTEM, "rollout", "status", "daemonset/moorage-node"));
    watch("both nodes have the driver", PATIENCE, List.of("wait", "csinode/node-1", "csinode/node-2",
        "--for=jsonpath={.spec.drivers[0].name}=csi.moorage.dev"));
  }

  /** The pod whose sidecars act at this moment. */
  public String leader() throws IOException {
    String holder = kubectl("-n", SYSTEM, "get", "lease", "csi-moorage-dev", "-o", "jsonpath={.spec.holderIdentity}");
    return kubectl("-n", SYSTEM, "get", "pods", "-l", "app.kubernetes.io/component=controller", "-o",
        "jsonpath={range .items[*]}{.metadata.name}{\"\\n\"}{end}").lines().filter(holder::contains).findFirst()
        .orElseThrow(() -> new IOException("no pod is called as the leader: " + holder));
  }

  /** Installs the driver, or brings it back to what the manifests say. */
  public void deploy() throws IOException {
    DevScript.run("cluster/deploy.sh", directory.toString());
  }

  /** What Kubernetes and Moorage call the volumes of a namespace: its PersistentVolumes, and the end of their handles. */
  List<String> volumesOf(String namespace) throws IOException {
    return kubectl("get", "pv", "-o", "jsonpath={range .items[?(@.spec.claimRef.namespace==\"" + namespace + "\")]}"
        + "{.metadata.name}{\"\\n\"}{.spec.csi.volumeHandle}{\"\\n\"}{end}").lines()
        .map(each -> each.substring(each.lastIndexOf('/') + 1)).toList();
  }

  /** The lines in which a node speaks of any of these names: its pool, mounts, loop devices of the whole machine, the kubelet's directory. */
  List<String> tracesOnNode(int node, Collection<String> names) throws IOException {
    return onNode(node, "sh", "-c", """
        find /var/lib/moorage/default /run/moorage /var/lib/kubelet -xdev 2> /dev/null
        cat /proc/self/mountinfo
        grep -s . /sys/block/loop*/loop/backing_file
        true
        """).lines().filter(line -> names.stream().anyMatch(line::contains)).toList();
  }

  /** What the driver keeps on a node: volumes, snapshots, mounts and loop devices of pods; empty when nothing is left. */
  public String leftOnNode(int node) throws IOException {
    return onNode(node, "sh", "-c", """
        cd /var/lib/moorage/default 2> /dev/null && find volumes snapshots views tmp -mindepth 1 -maxdepth 1
        grep -E 'csi.moorage.dev|/run/moorage/' /proc/self/mountinfo
        losetup --list --noheadings --output BACK-MAJ:MIN,NAME | grep -w "$(findmnt -no MAJ:MIN /var/lib/moorage)"
        true
        """);
  }

  /** The process that all namespaces of the control plane belong to. */
  long pid() throws IOException {
    return Long.parseLong(Files.readString(directory.resolve("pid")).strip());
  }

  /** Where its state lies, for files that a test hands to kubectl. */
  Path directory() {
    return directory;
  }

  /** Waits, at most so long, by a command of kubectl that ends when this has come about; when it does not, tells how things stand. */
  void watch(String what, Duration deadline, List<String> words) throws IOException {
    try {
      watch(deadline, words);
    } catch (IOException late) {
      try {
        // Whoever asked may have been held up on a busy machine: how things stand counts.
        watch(Duration.ofSeconds(1), words);
      } catch (IOException e) {
        throw new AssertionError("within " + deadline.toSeconds() + " s it did not come about that " + what + ": " + e.getMessage() + "\n"
            + lastWords(), e);
      }
    }
  }

  private void watch(Duration deadline, List<String> words) throws IOException {
    List<String> all = new ArrayList<>(words);
    all.add("--timeout=" + deadline.toSeconds() + "s");
    kubectl(deadline.plus(COMMAND_DEADLINE), all);
  }

  /** Waits for what the cluster does in its own time and no watch can tell; when it does not come about, tells how things stand. */
  public void await(String what, Duration deadline, Until.Condition<IOException> condition) throws IOException {
    if (!Until.holds(deadline, () -> isMetAfterPause(condition)) && !condition.isMet()) {
      throw new AssertionError("within " + deadline.toSeconds() + " s it did not come about that " + what + "\n" + lastWords());
    }
  }

  /** Each question is a run of kubectl, on a machine of two processors that has better to do. */
  private static boolean isMetAfterPause(Until.Condition<IOException> condition) throws IOException {
    if (condition.isMet()) {
      return true;
    }
    try {
      Thread.sleep(Duration.ofMillis(300));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  /** The objects and the events of the cluster, and what the drivers log, for a test that failed. */
  public String lastWords() {
    return String.join("\n", words("get", "pods,pvc,pv,volumesnapshots,volumesnapshotcontents", "-A", "-o", "wide"),
        words("get", "events", "-A", "--sort-by=.lastTimestamp"),
        words("-n", SYSTEM, "logs", "-l", "app.kubernetes.io/component=node", "--tail=25", "--prefix"),
        words("-n", SYSTEM, "logs", "-l", "app.kubernetes.io/component=controller", "--all-containers", "--tail=15", "--prefix"));
  }

  private String words(String... words) {
    try {
      String said = kubectl(words);
      return "$ kubectl " + String.join(" ", words) + "\n" + said.lines().skip(Math.max(0, said.lines().count() - 60)).reduce("",
          (a, b) -> a + b + "\n");
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Ends all of it and waits until nothing is left. */
  @Override
  public void close() throws IOException {
    takesDown.getOutputStream().close();
    try {
      if (takesDown.waitFor() != 0) {
        throw new IOException("something of the cluster in " + directory + " is left");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a cluster was taken down", e);
    }
  }
}
