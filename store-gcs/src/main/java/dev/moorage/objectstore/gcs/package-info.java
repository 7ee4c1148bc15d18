/** Google Cloud Storage, by Google's own client. Nothing of it is loaded before a store of scheme gs is opened. */
@NullMarked
package dev.moorage.objectstore.gcs;

import org.jspecify.annotations.NullMarked;
