package dev.moorage.cli;

/** In what form results are printed. The constants are in lower case because users type them. */
enum Output {
  /** For people: columns, sizes with units, ages. */
  table,
  /** For scripts: every field, sizes in bytes, times in ISO 8601. */
  json,
  /** Names only, one a line, fit to be given to another command. */
  name
}
