/**
 * A deterministic, seeded simulation of a repository: writers, readers, collections and operators drive the real code of histories,
 * sessions and garbage collection over a store whose requests are reordered, delayed, lost and answered in vain.
 */
@NullMarked
package dev.moorage.testkit.simulation;

import org.jspecify.annotations.NullMarked;
