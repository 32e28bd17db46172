package dev.twintail.spec;

import dev.twintail.network.DigitRelation;
import dev.twintail.network.Loss;

/** Reads how rounds are run and measured, as what differs from a base. */
final class ProtocolReader {
  private ProtocolReader() {}

  /** Reads the field {@code protocol} of {@code parent}; {@code base} gives what it leaves out. */
  static ProtocolSpec read(Fields parent, ProtocolSpec base) {
    return parent
        .section("protocol", Section.PROTOCOL)
        .map(
            fields ->
                new ProtocolSpec(
                    fields.choice(
                        "training-pairs", ProtocolSpec.Draw.values(), base.trainingPairs()),
                    fields.choice("test-pairs", ProtocolSpec.Draw.values(), base.testPairs()),
                    fields.choice("start", ProtocolSpec.RoundStart.values(), base.start()),
                    fields.choice("digit-losses", Loss.DigitLosses.values(), base.digitLosses()),
                    fields.choice("comparison", DigitRelation.values(), base.comparison()),
                    fields.choice("accuracy", ProtocolSpec.Accuracy.values(), base.accuracy()),
                    fields.choice("deviation", ProtocolSpec.Deviation.values(), base.deviation()),
                    fields.integer("tables", ProtocolSpec.TABLES, base.tables())))
        .orElse(base);
  }
}
