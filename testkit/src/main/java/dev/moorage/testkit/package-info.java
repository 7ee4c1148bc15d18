/** Fixtures for tests that need disks, mounts and loop devices, and the check that none is left behind. */
@NullMarked
package dev.moorage.testkit;

import org.jspecify.annotations.NullMarked;
