@NullMarked
package dev.moorage.testkit.objectstore;

import org.jspecify.annotations.NullMarked;
