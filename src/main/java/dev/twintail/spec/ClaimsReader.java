package dev.twintail.spec;

import dev.twintail.spec.ProtocolSpec.Deviation;
import dev.twintail.spec.ProtocolSpec.SharedAcrossRounds;
import dev.twintail.spec.Yaml.Mapping;
import dev.twintail.spec.Yaml.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a report's claims.
 *
 * @param deviation what the squares are divided by where a claim does not tell
 * @param shared what the rounds have in common where a claim does not tell
 * @param remark what is to be known of all claims; may be empty
 * @param lineage where the claims were stated
 */
record ClaimsReader(
    Deviation deviation, SharedAcrossRounds shared, Optional<String> remark, SpecLineage lineage) {
  /** Reads what an experiment's claims have in common: the field {@code claims}. */
  static ClaimsReader of(Fields root, SpecLineage lineage) {
    Deviation deviation = Deviation.SAMPLE;
    SharedAcrossRounds shared = SharedAcrossRounds.NOTHING;
    return root.section("claims", Section.CLAIMS)
        .map(
            fields ->
                new ClaimsReader(
                    fields.choice("deviation", Deviation.values(), deviation),
                    fields.choice("rounds-share", SharedAcrossRounds.values(), shared),
                    fields.optionalText("remark"),
                    lineage))
        .orElse(new ClaimsReader(deviation, shared, Optional.empty(), lineage));
  }

  /** Reads the claims of a model: one, or a list of them. */
  List<Published> read(String name, Fields model) {
    List<Published> claims = new ArrayList<>();
    Optional<Yaml> value = model.value("published");
    if (value.isPresent() && value.get() instanceof Sequence list) {
      for (Yaml item : list.items()) {
        if (item instanceof Mapping mapping) {
          claims.add(claim(name, model.within("published", mapping, Section.PUBLISHED)));
        } else {
          model.expected(item, "published", "a mapping");
        }
      }
    } else {
      model
          .section("published", Section.PUBLISHED)
          .map(fields -> claim(name, fields))
          .ifPresent(claims::add);
    }
    return claims;
  }

  private Published claim(String model, Fields fields) {
    Optional<String> printedBy = fields.optionalText("printed-by");
    return new Published(
        fields.choice("split", Published.Split.values(), Published.Split.TEST),
        fields.accuracy("accuracy"),
        fields.has("std") ? Optional.of(fields.real("std", Published.PERCENT)) : Optional.empty(),
        fields.choice("deviation", Deviation.values(), deviation),
        fields.integer("rounds", Experiment.ROUNDS),
        fields.choice("rounds-share", SharedAcrossRounds.values(), shared),
        fields.text("where"),
        printedBy
            .map(what -> Published.ClaimStanding.other("printed by another model: " + what))
            .orElseGet(() -> lineage.standing(model, fields.at())),
        fields.optionalText("remark"));
  }
}
