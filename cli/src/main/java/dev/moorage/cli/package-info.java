/**
 * The {@code moorage} command. The commands know the client and the words of the project, never a server: what they refer to is
 * loaded at every call, and a call has a tenth of a second.
 */
@NullMarked
package dev.moorage.cli;

import org.jspecify.annotations.NullMarked;
