package dev.twintail.stage;

import dev.twintail.network.SiameseNetwork;
import dev.twintail.network.TrainingConfig;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the three training stages have in common: they learn the pairs of one round. */
interface LearningStage extends Stage {
  /** Returns the pairs to learn; of another round where all rounds learn the same. */
  GenerateData data();

  int round();

  SiameseNetwork network();

  TrainingConfig training();

  @Override
  default Optional<SiameseNetwork> computed() {
    return Optional.of(network());
  }

  @Override
  default Scope scope() {
    return new Scope.Round(round());
  }

  @Override
  default Set<String> outputs() {
    return LearningColumns.OUTPUTS;
  }

  @Override
  default SortedMap<String, Input> inputs() {
    SortedMap<String, Input> inputs = new TreeMap<>();
    inputs.put(LearningColumns.DATA, new Input.OutputOf(data(), GenerateData.TRAIN));
    return inputs;
  }
}
