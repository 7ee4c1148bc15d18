package dev.moorage.csi.router;

import java.net.InetSocketAddress;

/** A node that is there, by its name in the topology, and where its port for the router is. */
public record NodeAddress(String name, InetSocketAddress address) {}
