/** Tests of the backup's own pieces that need a store of the testkit. */
@NullMarked
package dev.moorage.repository.backup;

import org.jspecify.annotations.NullMarked;
