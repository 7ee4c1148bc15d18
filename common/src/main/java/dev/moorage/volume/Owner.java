package dev.moorage.volume;

/** Who made a volume: {@code docker}, {@code local} (the command line) or a cluster's name. Names are unique per owner. */
public record Owner(String value) {

  public static final Owner DOCKER = new Owner("docker");
  public static final Owner LOCAL = new Owner("local");

  public Owner {
    Names.check("owner", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
