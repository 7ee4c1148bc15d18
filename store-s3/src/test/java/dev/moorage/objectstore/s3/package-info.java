@NullMarked
package dev.moorage.objectstore.s3;

import org.jspecify.annotations.NullMarked;
