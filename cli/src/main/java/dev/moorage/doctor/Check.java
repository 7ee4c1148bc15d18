package dev.moorage.doctor;

import java.io.IOException;
import java.util.List;

/** Looks at one thing. */
interface Check {

  /** An IOException means that it could not be looked at, and becomes a warning. */
  List<Finding> look() throws IOException;
}
