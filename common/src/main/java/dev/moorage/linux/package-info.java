/** The only room with native calls: loop devices, mounts, reflinks, extents, freezes, leases, file attributes. */
@NullMarked
package dev.moorage.linux;

import org.jspecify.annotations.NullMarked;
