/** What Moorage does with the filesystems it makes: format, mount options, grow, check, identify. */
@NullMarked
package dev.moorage.filesystem;

import org.jspecify.annotations.NullMarked;
