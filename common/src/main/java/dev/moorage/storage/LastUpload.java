package dev.moorage.storage;

import java.time.Instant;

/** The newest snapshot of a volume that a repository holds, as this host knows; {@code label} is such as {@code db@before}. */
public record LastUpload(String repository, String label, long seq, Instant at) {}
