/** An object store in a local directory: one file per object, whose path is the object's key. */
@NullMarked
package dev.moorage.objectstore.file;

import org.jspecify.annotations.NullMarked;
