/** The contract of a volume backend as tests, and backends that only tests use. */
@NullMarked
package dev.moorage.testkit.backend;

import org.jspecify.annotations.NullMarked;
