package dev.moorage.telemetry;

/** How many jobs of a kind there are in a state: {@code running}, {@code waiting} or {@code failed}. */
public record JobMeasure(String kind, String state, int count) {}
