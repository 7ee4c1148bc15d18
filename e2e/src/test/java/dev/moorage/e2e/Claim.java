package dev.moorage.e2e;

/** A PersistentVolumeClaim as a test writes it down. {@code more} is the rest of its spec. */
record Claim(String name, String size, String storageClass, String mode, String more) {

  static Claim of(String name, String size) {
    return new Claim(name, size, "moorage", "Filesystem", "");
  }

  Claim ofClass(String other) {
    return new Claim(name, size, other, mode, more);
  }

  Claim rawBlock() {
    return new Claim(name, size, storageClass, "Block", more);
  }

  Claim clone(String claim) {
    return new Claim(name, size, storageClass, mode, "  dataSource: {kind: PersistentVolumeClaim, name: " + claim + "}\n");
  }

  Claim fromSnapshot(String snapshot) {
    return new Claim(name, size, storageClass, mode,
        "  dataSource: {apiGroup: snapshot.storage.k8s.io, kind: VolumeSnapshot, name: " + snapshot + "}\n");
  }

  /** As kubectl reads it. */
  String yaml() {
    return """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: %s, labels: {claim: %s}}
        spec:
          storageClassName: %s
          accessModes: [ReadWriteOnce]
          volumeMode: %s
          resources: {requests: {storage: %s}}
        """.formatted(name, name, storageClass, mode, size) + more;
  }
}
