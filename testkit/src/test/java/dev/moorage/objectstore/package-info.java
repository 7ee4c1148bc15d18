@NullMarked
package dev.moorage.objectstore;

import org.jspecify.annotations.NullMarked;
