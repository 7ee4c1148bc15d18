@NullMarked
package dev.moorage.objectstore.gcs;

import org.jspecify.annotations.NullMarked;
