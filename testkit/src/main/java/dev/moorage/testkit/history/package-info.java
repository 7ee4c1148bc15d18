/**
 * Histories: sequences of operations on a storage, a model of what must be there after each, and a process that runs them and can
 * be killed anywhere.
 */
@NullMarked
package dev.moorage.testkit.history;

import org.jspecify.annotations.NullMarked;
