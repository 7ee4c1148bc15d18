package dev.moorage.admin;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What the service says of itself.
 *
 * @param dockerSocket where dockerd finds it; empty when Docker is not served
 * @param runDir where its mount points are
 */
public record Serving(String version, Optional<Path> dockerSocket, Path runDir) {}
