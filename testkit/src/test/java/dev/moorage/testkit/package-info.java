@NullMarked
package dev.moorage.testkit;

import org.jspecify.annotations.NullMarked;
