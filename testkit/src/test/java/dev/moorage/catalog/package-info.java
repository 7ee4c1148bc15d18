@NullMarked
package dev.moorage.catalog;

import org.jspecify.annotations.NullMarked;
