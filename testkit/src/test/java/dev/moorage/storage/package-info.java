@NullMarked
package dev.moorage.storage;

import org.jspecify.annotations.NullMarked;
