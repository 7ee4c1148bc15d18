package dev.moorage.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class MachineTest {

  @Test
  void theBootHasAnId() throws IOException {
    assertThat(Machine.bootId()).matches("[0-9a-f-]{36}").isEqualTo(Machine.bootId());
  }

  @Test
  void releasesOfAllKindsAreRead() throws IOException {
    assertThat(KernelVersion.parse("6.1.0-25-amd64\n")).isEqualTo(new KernelVersion(6, 1)).hasToString("6.1");
    assertThat(KernelVersion.parse("5.10")).isEqualTo(new KernelVersion(5, 10));
    assertThat(KernelVersion.parse("5.10").isAtLeast(5, 8)).isTrue();
    assertThat(KernelVersion.parse("5.7.19").isAtLeast(5, 8)).isFalse();
    assertThat(KernelVersion.parse("6.0").isAtLeast(5, 8)).isTrue();
    assertThatThrownBy(() -> KernelVersion.parse("linux")).hasMessageContaining("linux");
    assertThat(Machine.kernel().isAtLeast(3, 0)).isTrue();
  }

  @Test
  @Tag("root")
  void rootMayMount() throws IOException {
    assertThat(Machine.isRoot()).isTrue();
    assertThat(Capability.SYS_ADMIN.isEffective()).isTrue();
  }
}
