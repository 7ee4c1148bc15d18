/** Access to what only tests of the storage may do, for tests of the front end. */
@NullMarked
package dev.moorage.storage;

import org.jspecify.annotations.NullMarked;
