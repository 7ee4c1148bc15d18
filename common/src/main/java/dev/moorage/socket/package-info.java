/**
 * Unix-domain sockets as files: published with mode 0600 in one step, stale ones replaced, those of others left alone. Who listens on
 * them is the front ends' business.
 */
@NullMarked
package dev.moorage.socket;

import org.jspecify.annotations.NullMarked;
