package dev.moorage.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class XfsVersionTest {

  @Test
  void everyFeatureThatTheVersionKnowsIsNamed() throws IOException {
    assertThat(XfsVersion.parse("mkfs.xfs version 5.9.0\n").formatOptions())
        .containsExactly("-m", "crc=1,finobt=1,rmapbt=0,reflink=1", "-i", "sparse=1");
    assertThat(XfsVersion.parse("mkfs.xfs version 6.1.0\n").formatOptions())
        .containsExactly("-m", "crc=1,finobt=1,rmapbt=0,reflink=1,bigtime=1,inobtcount=1", "-i", "sparse=1,nrext64=0");
    assertThat(XfsVersion.parse("mkfs.xfs version 6.13.0-rc1").formatOptions())
        .endsWith("-i", "sparse=1,nrext64=0,exchange=0", "-n", "parent=0");
  }

  @Test
  void aTextWithoutAVersionIsAnError() {
    assertThatThrownBy(() -> XfsVersion.parse("what?")).hasMessageContaining("what?");
  }
}
