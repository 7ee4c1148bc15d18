/** S3 and what speaks its language, by Amazon's own client. Nothing of it is loaded before a store of scheme s3 is opened. */
@NullMarked
package dev.moorage.objectstore.s3;

import org.jspecify.annotations.NullMarked;
