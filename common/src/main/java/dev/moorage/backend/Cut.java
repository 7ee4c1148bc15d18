package dev.moorage.backend;

import java.nio.file.Path;
import java.util.Optional;

/** One member of a cut: the volume, the home of the snapshot to be, and where the volume is mounted on this host, if it is. */
public record Cut(Home volume, Home snapshot, Optional<Path> mountPoint) {}
