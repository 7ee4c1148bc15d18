package dev.moorage.http;

/**
 * A request that has been received whole.
 *
 * @param method in upper case, such as {@code POST}
 * @param path as it was sent, not decoded, without the query; begins with a slash
 * @param query as it was sent, not decoded, without the question mark; empty when there is none
 * @param body the entity, which was UTF-8; empty when there is none
 */
public record HttpRequest(String method, String path, String query, String body) {}
