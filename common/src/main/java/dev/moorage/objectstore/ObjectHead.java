package dev.moorage.objectstore;

import java.time.Instant;

/**
 * What a store knows of an object without reading it.
 *
 * @param size in bytes
 * @param lastModified by the clock of the store, never of this host; to the second or finer
 */
public record ObjectHead(long size, Version version, Instant lastModified) {}
