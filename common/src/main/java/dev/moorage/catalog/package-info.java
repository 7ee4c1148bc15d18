/** What exists on this host: the records on disk, the index over them, and who uses what. */
@NullMarked
package dev.moorage.catalog;

import org.jspecify.annotations.NullMarked;
