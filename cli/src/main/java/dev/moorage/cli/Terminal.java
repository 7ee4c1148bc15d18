package dev.moorage.cli;

import java.io.PrintStream;

/** Where a command writes: results to {@code out}, everything else to {@code err}; {@code interactive} when a person watches err. */
record Terminal(PrintStream out, PrintStream err, boolean interactive) {}
