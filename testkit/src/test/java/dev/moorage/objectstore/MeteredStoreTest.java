package dev.moorage.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.telemetry.StoreMeter;
import dev.moorage.telemetry.Telemetry;
import dev.moorage.testkit.objectstore.ModelObjectStore;
import dev.moorage.testkit.objectstore.ObjectStoreContract;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The contract holds, and what happened can be read as counts and as metrics. */
class MeteredStoreTest extends ObjectStoreContract {

  private final ModelObjectStore model = new ModelObjectStore();
  private final Telemetry telemetry = new Telemetry();
  private final StoreMeter meter = telemetry.storeMeter("offsite");

  @Override
  protected ObjectStore open() {
    return new MeteredStore(model, meter);
  }

  @Test
  void requestsBytesAndFailuresAreCounted() throws Exception {
    put("one", Content.of(new byte[1000]));
    store.putIfAbsent(new ObjectKey("one"), Content.of(new byte[500]));
    store.head(new ObjectKey("none"));
    store.list("", Optional.empty(), 10);
    read("one");
    assertThatThrownBy(() -> store.get(new ObjectKey("none"))).isInstanceOf(ObjectStoreException.NoSuchObject.class);

    StoreMeter.Counts counts = meter.counts();
    assertThat(counts.requests()).containsEntry("put", 2L).containsEntry("head", 1L).containsEntry("list", 1L).containsEntry("get", 2L);
    assertThat(counts.failures()).containsOnlyKeys("no-such-object").containsEntry("no-such-object", 1L);
    assertThat(counts.bytesSent()).isEqualTo(1000);
    assertThat(counts.bytesReceived()).isEqualTo(1000);
    assertThat(telemetry.scrape())
        .contains("moorage_store_requests_total{operation=\"put\",outcome=\"ok\",store=\"offsite\"} 1.0")
        .contains("moorage_store_requests_total{operation=\"put\",outcome=\"refused\",store=\"offsite\"} 1.0")
        .contains("moorage_store_requests_total{operation=\"head\",outcome=\"ok\",store=\"offsite\"} 1.0")
        .contains("moorage_store_bytes_total{direction=\"received\",store=\"offsite\"} 1000.0")
        .contains("moorage_store_request_seconds_count{operation=\"get\",store=\"offsite\"} 2");
  }
}
