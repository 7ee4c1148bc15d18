package dev.moorage.telemetry;

import java.time.Instant;

/**
 * One change, or a refused one: the audit line. {@code door} says who asked (socket and owner), {@code verb} and {@code subject} what,
 * {@code outcome} is {@code ok} or the kind of the error, {@code detail} is for people and never holds a secret.
 */
public record Event(
    long number, Instant at, String door, String verb, String subject, String outcome, long millis, String detail) {}
