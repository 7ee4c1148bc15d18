package dev.moorage.e2e;

import java.util.ArrayList;
import java.util.List;

/** A pod of busybox as a test writes it down, which does nothing but have volumes: {@code /NAME} each, or a device of that name. */
record Pod(String name, String node, String command, List<String> volumes, List<String> mounts, List<String> devices) {

  private static final String FOR_EVER = "trap exit TERM; while :; do sleep 3600 & wait; done";

  /** On whichever node. */
  static Pod of(String name) {
    return new Pod(name, "", FOR_EVER, List.of(), List.of(), List.of());
  }

  Pod on(String chosenNode) {
    return new Pod(name, chosenNode, command, volumes, mounts, devices);
  }

  Pod running(String script) {
    return new Pod(name, node, script, volumes, mounts, devices);
  }

  /** With a claim at {@code /CLAIM}. */
  Pod with(String claim) {
    return new Pod(name, node, command, more(volumes, ofClaim(claim)), more(mounts, "{name: " + claim + ", mountPath: /" + claim + "}"), devices);
  }

  /** With a raw device at {@code /dev/CLAIM}. */
  Pod withDevice(String claim) {
    return new Pod(name, node, command, more(volumes, ofClaim(claim)), mounts,
        more(devices, "{name: " + claim + ", devicePath: /dev/" + claim + "}"));
  }

  /** With a volume that lives as long as the pod, at {@code /VOLUME}. */
  Pod withEphemeral(String volume, String size) {
    String template = "{name: " + volume + ", ephemeral: {volumeClaimTemplate: {spec: {storageClassName: moorage, accessModes: [ReadWriteOnce], "
        + "resources: {requests: {storage: " + size + "}}}}}}";
    return new Pod(name, node, command, more(volumes, template), more(mounts, "{name: " + volume + ", mountPath: /" + volume + "}"), devices);
  }

  private static String ofClaim(String claim) {
    return "{name: " + claim + ", persistentVolumeClaim: {claimName: " + claim + "}}";
  }

  private static List<String> more(List<String> list, String one) {
    List<String> all = new ArrayList<>(list);
    all.add(one);
    return List.copyOf(all);
  }

  /** As kubectl reads it. It ends in good order: without any grace its object would go before its volumes are unmounted. */
  String yaml() {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s}
        spec:
          terminationGracePeriodSeconds: 1
          automountServiceAccountToken: false
          nodeSelector: {%s}
          containers:
          - name: main
            image: moorage.test/busybox:1
            command: [sh, -c, %s]
            volumeMounts: %s
            volumeDevices: %s
          volumes: %s
        """.formatted(name,
            node.isEmpty() ? "" : "kubernetes.io/hostname: " + node, "'" + command.replace("'", "''") + "'", mounts, devices, volumes);
  }
}
