package dev.moorage.repository.pack;

/**
 * A pack whose every byte is written.
 *
 * @param bytes its length
 * @param blobs how many it holds
 * @param crc32c of all its bytes, so that a spooled file can be checked before it is sent
 */
public record FinishedPack(PackName name, PackKind kind, long bytes, int blobs, int crc32c) {}
