/** What benchmarks need and shell scripts cannot do. Run by bench/lib, compiled there. */
@NullMarked
package dev.moorage.bench;

import org.jspecify.annotations.NullMarked;
