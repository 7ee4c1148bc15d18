package dev.moorage.telemetry;

/** The gauges of one pool; sizes in bytes, {@code totalBytes} and {@code freeBytes} are -1 while they cannot be read. */
public record PoolMeasure(
    String pool, int volumes, int snapshots, int trashed, int mounted, long totalBytes, long freeBytes, long chargedBytes) {}
