package dev.moorage.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A namespace of a {@link Cluster} in which a test makes what it needs. Closing it removes all that, and waits. For one test thread. */
public final class ClusterNamespace implements AutoCloseable {

  private final Cluster cluster;
  private final String name;
  private final Duration patience;

  private ClusterNamespace(Cluster cluster, String name, Duration patience) {
    this.cluster = cluster;
    this.name = name;
    this.patience = patience;
  }

  static ClusterNamespace create(Cluster cluster, String name, Duration patience) throws IOException {
    cluster.kubectl("create", "namespace", name);
    // Pods are refused until there is one.
    cluster.watch("there is a service account", patience, List.of("--namespace=" + name, "wait", "serviceaccount/default", "--for=create"));
    return new ClusterNamespace(cluster, name, patience);
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** Runs kubectl for this namespace; what it printed, without white space around it. */
  public String kubectl(String... words) throws IOException {
    List<String> all = new ArrayList<>(List.of("--namespace=" + name));
    all.addAll(List.of(words));
    return cluster.kubectl(all.toArray(String[]::new));
  }

  /** Makes objects, or changes them. */
  public void apply(String... manifests) throws IOException {
    Path file = Files.writeString(cluster.directory().resolve(name + ".yaml"), String.join("\n---\n", manifests));
    kubectl("apply", "-f", file.toString());
  }

  /** A field of an object, as JSONPath names it; empty when there is none. */
  public String field(String object, String path) throws IOException {
    return kubectl("get", object, "-o", "jsonpath={" + path + "}");
  }

  /** Waits until a field of an object that is there has this value. */
  public void awaitField(String object, String path, String value) throws IOException {
    awaitField(object, path, value, patience);
  }

  /** The same for so long. */
  public void awaitField(String object, String path, String value, Duration deadline) throws IOException {
    cluster.watch(path + " of " + object + " is " + value, deadline, List.of("--namespace=" + name, "wait", object,
        "--for=jsonpath={" + path + "}=" + value));
  }

  /** Waits until pods are ready. */
  public void awaitReady(String... pods) throws IOException {
    List<String> words = new ArrayList<>(List.of("--namespace=" + name, "wait", "--for=condition=Ready"));
    for (String pod : pods) {
      words.add("pod/" + pod);
    }
    cluster.watch("pods " + String.join(", ", pods) + " are ready", patience, words);
  }

  /** Runs a shell script in a pod; what it printed. */
  public String sh(String pod, String script) throws IOException {
    return kubectl("exec", pod, "--", "sh", "-c", script);
  }

  /** Waits until the events of an object say this. */
  public void awaitEvent(String object, String words) throws IOException {
    cluster.await("an event of " + object + " says: " + words, patience, () -> events(object).contains(words));
  }

  /** What events say about an object, by its name. */
  public String events(String object) throws IOException {
    return kubectl("get", "events", "--field-selector=involvedObject.name=" + object, "-o", "jsonpath={.items[*].message}");
  }

  /** Deletes objects and waits until they are gone. */
  public void delete(String... objects) throws IOException {
    List<String> words = new ArrayList<>(List.of("--namespace=" + name, "delete", "--ignore-not-found"));
    words.addAll(List.of(objects));
    cluster.watch(String.join(", ", objects) + " are gone", patience, words);
  }

  /**
   * Removes it with all that is in it, and waits until its volumes and snapshots are deleted, too. Of snapshots whose class retains them the
   * objects are removed.
   */
  @Override
  public void close() throws IOException {
    cluster.watch("namespace " + name + " goes away", patience, List.of("delete", "namespace", name, "--ignore-not-found"));
    for (String content : contents()) {
      if (cluster.kubectl("get", content, "--ignore-not-found", "-o", "jsonpath={.spec.deletionPolicy}").equals("Retain")) {
        cluster.kubectl("delete", "--timeout=60s", content);
      }
    }
    awaitGone("nothing is left of namespace " + name, contents());
    awaitGone("nothing is left of namespace " + name, ours("pv", ".spec.claimRef.namespace"));
  }

  private void awaitGone(String what, List<String> objects) throws IOException {
    if (!objects.isEmpty()) {
      List<String> words = new ArrayList<>(List.of("wait", "--for=delete"));
      words.addAll(objects);
      cluster.watch(what, patience, words);
    }
  }

  private List<String> contents() throws IOException {
    List<String> contents = new ArrayList<>(ours("volumesnapshotcontent", ".spec.volumeSnapshotRef.namespace"));
    contents.addAll(ours("volumegroupsnapshotcontent", ".spec.volumeGroupSnapshotRef.namespace"));
    return contents;
  }

  /** The objects of the cluster that name this namespace in a field. */
  private List<String> ours(String kind, String field) throws IOException {
    String path = "jsonpath={range .items[?(@" + field + "==\"" + name + "\")]}{.metadata.name}{\"\\n\"}{end}";
    return cluster.kubectl("get", kind, "-o", path).lines().map(each -> kind + "/" + each).toList();
  }
}
