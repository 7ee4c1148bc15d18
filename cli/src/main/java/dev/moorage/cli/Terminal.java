package dev.moorage.cli;

import java.io.InputStream;
import java.io.PrintStream;

/**
 * Where a command writes and reads: results to {@code out}, everything else to {@code err}.
 *
 * @param interactive when a person watches err
 * @param in what is typed or piped
 * @param asks when a person can be asked and types the answer
 */
record Terminal(PrintStream out, PrintStream err, boolean interactive, InputStream in, boolean asks) {

  /** Of a command that is told nothing. */
  Terminal(PrintStream out, PrintStream err, boolean interactive) {
    this(out, err, interactive, InputStream.nullInputStream(), false);
  }
}
