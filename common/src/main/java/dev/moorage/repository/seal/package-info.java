/** How the small objects of a repository are encrypted and authenticated. */
@NullMarked
package dev.moorage.repository.seal;

import org.jspecify.annotations.NullMarked;
