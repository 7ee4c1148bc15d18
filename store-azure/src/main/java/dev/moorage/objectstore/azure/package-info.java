/** Azure Blob Storage, by Microsoft's own client. Nothing of it is loaded before a store of scheme azure is opened. */
@NullMarked
package dev.moorage.objectstore.azure;

import org.jspecify.annotations.NullMarked;
