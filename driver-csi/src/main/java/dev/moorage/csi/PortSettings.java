package dev.moorage.csi;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * Where the router finds a node.
 *
 * @param certificates the directory with ca.crt, tls.crt and tls.key
 */
public record PortSettings(InetSocketAddress address, Path certificates) {}
