/** Named places at which a test can stop the process; without cost in the product. */
@NullMarked
package dev.moorage.failpoint;

import org.jspecify.annotations.NullMarked;
