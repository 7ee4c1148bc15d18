package dev.moorage.csi.kubernetes;

import dev.moorage.csi.CsiSettings;
import dev.moorage.csi.node.proto.Concern;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Posts what nodes say somebody should know as Events, where {@code kubectl describe} shows them: on the claim of a volume, or on the
 * node. The same matter is posted again only now and then. Used by one thread.
 */
final class ConcernEvents {

  private static final Duration AGAIN = Duration.ofMinutes(10);

  private final KubernetesClient client;
  private final String pod;
  private final Clock clock;
  private final Map<Matter, Instant> posted = new HashMap<>();

  /** The same as long as it lasts. */
  private record Matter(String node, String namespace, String claim, String reason) {

    static Matter of(String node, Concern concern) {
      return new Matter(node, concern.getClaimNamespace(), concern.getClaimName(), concern.getReason());
    }
  }

  /** {@code pod} is the router's. */
  ConcernEvents(KubernetesClient client, String pod, Clock clock) {
    this.client = client;
    this.pod = pod;
    this.clock = clock;
  }

  /** Posts what is new or has lasted, and forgets what is over. */
  void post(Map<String, List<Concern>> told) {
    Map<Matter, Instant> lasting = new HashMap<>();
    told.forEach((node, concerns) -> concerns.forEach(concern -> {
      Matter matter = Matter.of(node, concern);
      Instant last = lasting.getOrDefault(matter, posted.getOrDefault(matter, Instant.EPOCH));
      boolean due = Duration.between(last, clock.instant()).compareTo(AGAIN) >= 0;
      if (due) {
        subject(node, concern).ifPresent(subject -> post(subject, concern));
      }
      lasting.put(matter, due ? clock.instant() : last);
    }));
    posted.clear();
    posted.putAll(lasting);
  }

  /** Empty when the claim is gone. */
  private Optional<ObjectReference> subject(String node, Concern concern) {
    if (concern.getClaimName().isEmpty()) {
      // As the kubelet does: a node's Events carry its name in place of its uid, and are in this namespace.
      return Optional.of(new ObjectReferenceBuilder().withKind("Node").withName(node).withUid(node).withNamespace("default").build());
    }
    PersistentVolumeClaim claim =
        client.persistentVolumeClaims().inNamespace(concern.getClaimNamespace()).withName(concern.getClaimName()).get();
    return claim == null ? Optional.empty() : Optional.of(new ObjectReferenceBuilder().withApiVersion("v1").withKind("PersistentVolumeClaim")
        .withNamespace(concern.getClaimNamespace()).withName(concern.getClaimName()).withUid(claim.getMetadata().getUid()).build());
  }

  private void post(ObjectReference subject, Concern concern) {
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    client.resource(new EventBuilder().withNewMetadata().withGenerateName(subject.getName() + ".").withNamespace(subject.getNamespace())
        .endMetadata()
        .withInvolvedObject("Node".equals(subject.getKind()) ? new ObjectReferenceBuilder(subject).withNamespace(null).build() : subject)
        .withType(concern.getWarning() ? "Warning" : "Normal")
        .withReason(concern.getReason())
        .withMessage(concern.getMessage())
        .withCount(1).withFirstTimestamp(now).withLastTimestamp(now)
        .withNewSource().withComponent(CsiSettings.DRIVER).endSource()
        .withReportingComponent(CsiSettings.DRIVER).withReportingInstance(pod)
        .build()).inNamespace(subject.getNamespace()).create();
  }
}
