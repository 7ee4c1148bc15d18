/** Tests of serving HTTP on Unix sockets. */
@NullMarked
package dev.moorage.http;

import org.jspecify.annotations.NullMarked;
