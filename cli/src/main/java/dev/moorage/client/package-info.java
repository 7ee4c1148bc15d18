/** The small client of the admin API: HTTP over a Unix socket, JSON answers, errors as the service words them. */
@NullMarked
package dev.moorage.client;

import org.jspecify.annotations.NullMarked;
