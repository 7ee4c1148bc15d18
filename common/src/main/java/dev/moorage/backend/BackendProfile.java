package dev.moorage.backend;

import dev.moorage.volume.BackendKind;
import java.util.Set;

/** What a backend is and can do; the same for its whole life. */
public record BackendProfile(BackendKind kind, Set<BackendFeature> features) {

  public BackendProfile {
    features = Set.copyOf(features);
  }

  public boolean has(BackendFeature feature) {
    return features.contains(feature);
  }
}
