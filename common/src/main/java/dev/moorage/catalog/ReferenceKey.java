package dev.moorage.catalog;

/** Who refers to a volume, as the reference table keeps it. */
public sealed interface ReferenceKey {

  /** The text by which the consumer is known. */
  String value();

  /** One mount of one container, by dockerd's id for it: may come several times, and again after a crash. */
  record Counted(String value) implements ReferenceKey {}

  /** A path: counts once however often it is repeated, and in every epoch. */
  record Once(String value) implements ReferenceKey {}
}
