package dev.moorage.http;

import java.util.concurrent.CountDownLatch;

/** Answers with what it was asked; {@code /wait} when it is told to, {@code /hang-up} not at all, {@code /fail} with an exception. */
final class Echo implements HttpEndpoint {

  final CountDownLatch waiting = new CountDownLatch(1);
  final CountDownLatch goOn = new CountDownLatch(1);

  @Override
  public HttpAnswer answer(HttpRequest request) {
    return switch (request.path()) {
      case "/wait" -> {
        waiting.countDown();
        await();
        yield reply(200, "waited");
      }
      case "/hang-up" -> new HttpAnswer.HangUp("asked for");
      case "/fail" -> throw new IllegalStateException("asked for");
      default -> reply(200, request.method() + " " + request.path() + " " + request.query() + " " + request.body());
    };
  }

  private void await() {
    try {
      goOn.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public HttpAnswer.Reply refuse(int status, String reason) {
    return reply(status, "refused: " + reason);
  }

  private static HttpAnswer.Reply reply(int status, String body) {
    return new HttpAnswer.Reply(status, "text/plain; charset=utf-8", body);
  }
}
