/** What the product talks to while its ahead-of-time caches are made (dev.d/lib/caches.sh). No test uses it. */
@NullMarked
package dev.moorage.testkit.training;

import org.jspecify.annotations.NullMarked;
