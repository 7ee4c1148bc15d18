/** The metrics registry and the stream of events and audit lines. */
@NullMarked
package dev.moorage.telemetry;

import org.jspecify.annotations.NullMarked;
