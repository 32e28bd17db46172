package dev.twintail.spec;

import java.util.List;

/**
 * Four models that are one network with and without shared weights, with and without the auxiliary
 * loss.
 *
 * @param name of the network, such as {@code Conv2}
 * @param neither the model with neither
 * @param sharing the model with shared weights only
 * @param auxiliary the model with the auxiliary loss only
 * @param both the model with both
 */
public record FactorialSpec(
    String name, String neither, String sharing, String auxiliary, String both) {
  /** Returns the names of the four models, in the order of the components. */
  public List<String> models() {
    return List.of(neither, sharing, auxiliary, both);
  }

  /** Returns this design of models whose names begin with {@code prefix}, and so does its own. */
  FactorialSpec prefixed(String prefix) {
    return new FactorialSpec(
        prefix + name, prefix + neither, prefix + sharing, prefix + auxiliary, prefix + both);
  }
}
