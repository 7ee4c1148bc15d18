/** The only room that runs another program: argv only, no shell, a deadline, its error output kept. */
@NullMarked
package dev.moorage.process;

import org.jspecify.annotations.NullMarked;
