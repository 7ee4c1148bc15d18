package dev.moorage.objectstore.s3;

import java.io.IOException;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * Hangs up when a request fails. The client that it is put around leaves the connection open when the body cannot be read to its end, and
 * a server may keep the object locked as long as it waits for the rest.
 */
final class AbortingHttpClient implements SdkHttpClient {

  private final SdkHttpClient client;

  AbortingHttpClient(SdkHttpClient client) {
    this.client = client;
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new Aborting(client.prepareRequest(request));
  }

  @Override
  public String clientName() {
    return client.clientName();
  }

  @Override
  public void close() {
    client.close();
  }

  private record Aborting(ExecutableHttpRequest request) implements ExecutableHttpRequest {

    @Override
    public HttpExecuteResponse call() throws IOException {
      boolean answered = false;
      try {
        HttpExecuteResponse answer = request.call();
        answered = true;
        return answer;
      } finally {
        if (!answered) {
          request.abort();
        }
      }
    }

    @Override
    public void abort() {
      request.abort();
    }
  }
}
