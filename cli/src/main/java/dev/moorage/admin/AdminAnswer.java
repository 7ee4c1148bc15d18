package dev.moorage.admin;

import jakarta.json.JsonObject;

/** One answer: status, type and text. */
public record AdminAnswer(int status, String contentType, String body) {

  static final String JSON = "application/json";
  /** Prometheus' text format, version 0.0.4. */
  static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

  static AdminAnswer of(JsonObject json) {
    return new AdminAnswer(200, JSON, json.toString());
  }

  static AdminAnswer of(int status, JsonObject json) {
    return new AdminAnswer(status, JSON, json.toString());
  }
}
