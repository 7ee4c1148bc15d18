package dev.moorage.e2e;

/** What snapshots of volumes look like as a test writes them down. */
final class Snapshot {

  private Snapshot() {}

  /** A VolumeSnapshot of a claim. */
  static String of(String claim, String name, String snapshotClass) {
    return """
        apiVersion: snapshot.storage.k8s.io/v1
        kind: VolumeSnapshot
        metadata: {name: %s}
        spec: {volumeSnapshotClassName: %s, source: {persistentVolumeClaimName: %s}}
        """.formatted(name, snapshotClass, claim);
  }

  /** A VolumeGroupSnapshot of all claims with a label. */
  static String ofGroup(String label, String value, String name, String groupClass) {
    return """
        apiVersion: groupsnapshot.storage.k8s.io/v1
        kind: VolumeGroupSnapshot
        metadata: {name: %s}
        spec: {volumeGroupSnapshotClassName: %s, source: {selector: {matchLabels: {%s: %s}}}}
        """.formatted(name, groupClass, label, value);
  }

  /** A VolumeSnapshot of the same name in a namespace, and its content, for what exists already under a handle. */
  static String ofHandle(String handle, String namespace, String name, String deletionPolicy) {
    return """
        apiVersion: snapshot.storage.k8s.io/v1
        kind: VolumeSnapshotContent
        metadata: {name: %1$s-%2$s}
        spec:
          deletionPolicy: %4$s
          driver: csi.moorage.dev
          source: {snapshotHandle: %3$s}
          sourceVolumeMode: Filesystem
          volumeSnapshotRef: {name: %2$s, namespace: %1$s}
        ---
        apiVersion: snapshot.storage.k8s.io/v1
        kind: VolumeSnapshot
        metadata: {name: %2$s, namespace: %1$s}
        spec: {source: {volumeSnapshotContentName: %1$s-%2$s}}
        """.formatted(namespace, name, handle, deletionPolicy);
  }
}
