/** Where remote snapshots are kept: the contract of an object store, the local directory, and what can be put around any store. */
@NullMarked
package dev.moorage.objectstore;

import org.jspecify.annotations.NullMarked;
