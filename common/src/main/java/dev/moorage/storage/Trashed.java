package dev.moorage.storage;

import java.time.Instant;

/** One deleted thing that can still be undone: {@code kind} is volume or snapshot, {@code label} what users called it. */
public record Trashed(
    String id, String kind, String owner, String label, long allocatedBytes, Instant deletedAt, Instant emptiedAfter) {}
