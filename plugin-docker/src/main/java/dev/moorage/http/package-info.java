/** Serving HTTP on Unix sockets, for every front end that does: bytes in, bytes out, with limits on all of it. */
@NullMarked
package dev.moorage.http;

import org.jspecify.annotations.NullMarked;
