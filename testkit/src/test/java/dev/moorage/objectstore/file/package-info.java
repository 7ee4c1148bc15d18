@NullMarked
package dev.moorage.objectstore.file;

import org.jspecify.annotations.NullMarked;
