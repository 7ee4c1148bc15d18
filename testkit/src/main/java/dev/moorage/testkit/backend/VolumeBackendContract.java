package dev.moorage.testkit.backend;

import dev.moorage.testkit.LeakCheck;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The contract of {@link dev.moorage.backend.VolumeBackend} as tests: each sentence of its Javadoc has one. A test of a feature
 * demands the feature where the profile declares it and the refusal where it does not. A backend's test extends this and says
 * how to open one; backends with devices add the parts about devices and writers.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakCheck.class)
public abstract class VolumeBackendContract implements LifeCycleContract, SharingContract {

  private @Nullable BackendFixture fixture;

  /** Opens the backend on a fresh pool; called once per class. */
  protected abstract BackendFixture open() throws Exception;

  @Override
  public BackendFixture fixture() {
    return Objects.requireNonNull(fixture, "BUG: not opened");
  }

  @BeforeAll
  void openFixture() throws Exception {
    fixture = open();
  }

  @AfterEach
  void clearFixture() throws IOException, VolumeException {
    fixture().clear();
  }

  @AfterAll
  void closeFixture() throws VolumeException {
    if (fixture != null) {
      fixture.close();
    }
  }
}
