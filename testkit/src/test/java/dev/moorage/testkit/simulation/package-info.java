/** The simulation of a repository: the protocol as it is, and weakened ones that it must catch. */
@NullMarked
package dev.moorage.testkit.simulation;

import org.jspecify.annotations.NullMarked;
