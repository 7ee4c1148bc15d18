/** The contract of object stores as tests, the model that they are compared with, and a store that fails on purpose. */
@NullMarked
package dev.moorage.testkit.objectstore;

import org.jspecify.annotations.NullMarked;
