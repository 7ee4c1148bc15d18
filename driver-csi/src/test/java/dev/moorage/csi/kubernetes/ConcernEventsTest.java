package dev.moorage.csi.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.csi.node.proto.Concern;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Goal: kubectl describe shows what a node says, once, and again while it lasts. Method: a real API. */
@Tag("cluster")
final class ConcernEventsTest {

  private static final Concern OF_CLAIM = Concern.newBuilder().setReason("UploadFailed").setMessage("the upload failed: no").setWarning(true)
      .setClaimNamespace("shop").setClaimName("data").build();
  private static final Concern OF_NODE = Concern.newBuilder().setReason("PoolNearlyFull").setMessage("pool fast").setWarning(true).build();

  private static final class SetClock extends Clock {

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  private static List<Event> events(KubernetesClient client, String namespace) {
    return client.v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(event -> "csi.moorage.dev".equals(event.getReportingComponent())).toList();
  }

  @Test
  void aMatterIsPostedWhereItBelongsAndNowAndThenWhileItLasts() throws Exception {
    try (ApiServer server = new ApiServer(); KubernetesClient client = server.client(ApiServer.ADMIN)) {
      client.resource(new NamespaceBuilder().withNewMetadata().withName("shop").endMetadata().build()).create();
      PersistentVolumeClaim claim = client.resource(new PersistentVolumeClaimBuilder().withNewMetadata().withName("data").withNamespace("shop")
          .endMetadata().withNewSpec().withAccessModes("ReadWriteOnce").withNewResources().addToRequests("storage", new Quantity("1Gi"))
          .endResources().endSpec().build()).create();
      SetClock clock = new SetClock();
      ConcernEvents events = new ConcernEvents(client, "router-1", clock);
      Concern ofNobody = OF_CLAIM.toBuilder().setClaimName("gone").build();
      events.post(Map.of("node-1", List.of(OF_CLAIM, OF_NODE, ofNobody)));
      events.post(Map.of("node-1", List.of(OF_CLAIM, OF_NODE)));
      assertThat(events(client, "shop")).singleElement().satisfies(event -> {
        assertThat(event.getInvolvedObject().getUid()).isEqualTo(claim.getMetadata().getUid());
        assertThat(event.getType()).isEqualTo("Warning");
        assertThat(event.getReason()).isEqualTo("UploadFailed");
        assertThat(event.getMessage()).isEqualTo("the upload failed: no");
      });
      assertThat(events(client, "default")).singleElement().satisfies(event ->
          assertThat(event.getInvolvedObject().getName()).isEqualTo("node-1"));
      clock.now = clock.now.plus(Duration.ofMinutes(11));
      events.post(Map.of("node-1", List.of(OF_CLAIM)));
      assertThat(events(client, "shop")).hasSize(2);
      events.post(Map.of());
      events.post(Map.of("node-1", List.of(OF_CLAIM)));
      assertThat(events(client, "shop")).as("it was over and has come back").hasSize(3);
    }
  }
}
