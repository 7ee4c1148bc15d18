/** Tests of the Docker volume plugin over its real socket. */
@NullMarked
package dev.moorage.docker;

import org.jspecify.annotations.NullMarked;
