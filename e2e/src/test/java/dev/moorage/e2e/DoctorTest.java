package dev.moorage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testkit.LeakCheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the doctor says beside a real engine, typed without any flag. */
@Tag("engine")
@ExtendWith(LeakCheck.class)
final class DoctorTest {

  @Test
  void theDoctorExaminesWhatTheRunningServiceWorksWithAndElseWhatIsConfigured() throws Exception {
    Host.with(Engines.SID, host -> {
      host.createVolume("db");
      host.runIdle("app", "db");
      String pool = host.moorage.pool().toString();
      assertThat(host.moorage.cli("doctor"))
          .contains("pool default (" + pool + "): ").doesNotContain("/var/lib/moorage")
          .containsPattern("ok +docker +Docker Engine 2[89]")
          .containsPattern("ok +discovery +dockerd finds the volume driver 'moorage' at " + Moorage.DOCKER_SOCKET)
          .containsPattern("ok +socket +" + Moorage.ADMIN_SOCKET + " is listened on")
          .containsPattern("ok +direct-io +[12] devices of pools")
          .containsPattern("ok +volumes +1 volumes, nothing to say about them");
      assertThat(host.moorage.serve().stop()).isZero();
      assertThat(host.moorage.cli("doctor"))
          .contains("pool default, as configured (/var/lib/moorage): ")
          .containsPattern("warn +service +cannot reach the Moorage service at " + Moorage.ADMIN_SOCKET);
      host.moorage.restart();
    });
  }
}
