/** The checks of {@code moorage doctor}: what this machine, its pools, its Docker Engine and the running service look like. */
@NullMarked
package dev.moorage.doctor;

import org.jspecify.annotations.NullMarked;
