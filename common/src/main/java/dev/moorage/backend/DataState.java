package dev.moorage.backend;

import dev.moorage.volume.ByteSize;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the kernel says about a home's data now.
 *
 * @param size its capacity; 0 when the backend sets none
 * @param allocated bytes on disk, shared ones included; 0 when the backend cannot tell without walking through a tree
 * @param extents pieces that a snapshot has to walk; 0 where that means nothing
 * @param device the device that it is attached to, in whatever mount namespace
 * @param idle whether nobody at all uses it (no device, or one that can be opened exclusively), nor holds an open
 *     {@link Attachment} of it to use it in a moment
 */
public record DataState(ByteSize size, long allocated, long extents, Optional<Path> device, boolean idle) {}
