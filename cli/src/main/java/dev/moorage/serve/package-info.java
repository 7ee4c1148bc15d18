/** The service: configuration, storage, sockets and log put together, from start to clean stop. */
@NullMarked
package dev.moorage.serve;

import org.jspecify.annotations.NullMarked;
