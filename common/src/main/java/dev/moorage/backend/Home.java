package dev.moorage.backend;

import java.nio.file.Path;
import java.util.UUID;

/**
 * The place of one volume, snapshot or view: its id and the directory that the catalog made for it, in which a backend keeps
 * the data (and nobody but the catalog keeps records, named {@code *.json}). The same id may move to another directory of
 * the pool while it is not attached.
 */
public record Home(UUID id, Path directory) {}
