package dev.twintail.pipeline;

/** The site of a run whose driver lends what it has, to workers in its own process alone. */
enum HereOnly implements WorkSite {
  SITE;

  @Override
  public Equipment open(String run) {
    throw new IllegalStateException("Cannot execute run " + run + " outside of its process");
  }
}
