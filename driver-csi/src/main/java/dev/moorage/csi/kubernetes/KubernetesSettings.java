package dev.moorage.csi.kubernetes;

/**
 * Where the router is in its cluster.
 *
 * @param namespace where its nodes, Secrets and ConfigMap are
 * @param pod what it is called among its replicas
 */
public record KubernetesSettings(String namespace, String pod) {}
