package dev.moorage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Real databases that Kubernetes runs: what they have acknowledged is there, wherever and however often they are started. */
@Tag("cluster")
@ExtendWith(ClusterOfTheRun.class)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(value = ClusterOfTheRun.LOCK, mode = ResourceAccessMode.READ)
final class ClusterDatabaseTest {

  private static final List<String> DATABASES = List.of("db-0", "db-1", "db-2");
  /** Mounted above the data directory, as the database's own directory must belong to it alone; any group will do. */
  private static final String STATEFUL_SET = """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        serviceName: db
        replicas: 3
        podManagementPolicy: Parallel
        selector: {matchLabels: {app: db}}
        template:
          metadata: {labels: {app: db}}
          spec:
            terminationGracePeriodSeconds: 5
            topologySpreadConstraints:
            - {maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: db}}}
            automountServiceAccountToken: false
            securityContext: {fsGroup: 5000}
            containers:
            - name: postgres
              image: moorage.test/postgres:1
              command: [sh, -c, "test ! -d /var/lib/postgresql/data || chmod 0700 /var/lib/postgresql/data; exec database"]
              readinessProbe: {exec: {command: [pg_isready, -q]}, periodSeconds: 1}
              volumeMounts: [{name: data, mountPath: /var/lib/postgresql}]
        volumeClaimTemplates:
        - metadata: {name: data}
          spec: {storageClassName: moorage-xfs, accessModes: [ReadWriteOnce], resources: {requests: {storage: 400Mi}}}
      """;

  private final Cluster cluster;

  ClusterDatabaseTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void threeDatabasesKeepWhatTheyAcknowledgedWhenTheirPodsAreKilled() throws IOException {
    try (ClusterNamespace databases = cluster.namespace("databases")) {
      databases.apply(STATEFUL_SET);
      awaitReady(databases);
      assertThat(databases.kubectl("get", "pods", "-o", "jsonpath={.items[*].spec.nodeName}").split(" "))
          .as("both nodes have some").contains("node-1", "node-2");
      for (String each : DATABASES) {
        databases.sh(each, "pgbench -i -q -s 2 postgres 2>&1 && (pgbench -n -c 2 -T 300 postgres > /dev/null 2>&1 &)");
      }
      List<Long> known = DATABASES.stream().map(each -> transactionsBeyond(databases, each, 50)).toList();
      databases.kubectl("delete", "pods", "--all", "--force", "--grace-period=0");
      awaitReady(databases);
      for (int i = 0; i < DATABASES.size(); i++) {
        String pod = DATABASES.get(i);
        assertThat(transactions(databases, pod)).as("what %s had committed", pod).isGreaterThanOrEqualTo(known.get(i));
        sql(databases, pod, "create extension if not exists amcheck");
        assertThat(databases.sh(pod, "pg_amcheck --all --install-missing --heapallindexed --parent-check")).isEmpty();
      }
    }
  }

  private void awaitReady(ClusterNamespace databases) throws IOException {
    databases.awaitField("statefulset/db", ".status.readyReplicas", "3", Duration.ofMinutes(2));
  }

  private static String sql(ClusterNamespace databases, String pod, String statement) throws IOException {
    return databases.sh(pod, "psql -X -q -t -A -c '" + statement + "' postgres");
  }

  private static long transactions(ClusterNamespace databases, String pod) throws IOException {
    return Long.parseLong(sql(databases, pod, "select count(*) from pgbench_history"));
  }

  private static long transactionsBeyond(ClusterNamespace databases, String pod, long count) {
    try {
      long now = transactions(databases, pod);
      while (now < count) {
        now = transactions(databases, pod);
      }
      return now;
    } catch (IOException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }
}
