@NullMarked
package dev.moorage.objectstore.azure;

import org.jspecify.annotations.NullMarked;
