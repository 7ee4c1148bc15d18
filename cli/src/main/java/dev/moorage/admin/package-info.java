/** The admin API: HTTP routes with JSON bodies that call {@code Storage}. docs/admin-api.md describes it for its users. */
@NullMarked
package dev.moorage.admin;

import org.jspecify.annotations.NullMarked;
