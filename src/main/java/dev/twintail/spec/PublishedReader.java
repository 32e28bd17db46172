package dev.twintail.spec;

import dev.twintail.spec.Yaml.Mapping;
import dev.twintail.spec.Yaml.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a report's claims of a model: one, or a list of them. */
final class PublishedReader {
  private PublishedReader() {}

  static List<Published> read(Fields model, Problems problems) {
    List<Published> claims = new ArrayList<>();
    Optional<Yaml> value = model.value("published");
    if (value.isPresent() && value.get() instanceof Sequence list) {
      for (Yaml item : list.items()) {
        if (item instanceof Mapping mapping) {
          claims.add(
              claim(new Fields(mapping, Section.PUBLISHED, model.path("published"), problems)));
        } else {
          problems.add(
              item.at(), model.path("published") + ": expected a mapping, found " + item.shown());
        }
      }
    } else {
      model
          .section("published", Section.PUBLISHED)
          .map(PublishedReader::claim)
          .ifPresent(claims::add);
    }
    return claims;
  }

  private static Published claim(Fields fields) {
    return new Published(
        fields.choice("split", Published.Split.values(), Published.Split.TEST),
        fields.real("accuracy", Published.PERCENT),
        fields.has("std") ? Optional.of(fields.real("std", Published.PERCENT)) : Optional.empty(),
        fields.integer("rounds", Experiment.ROUNDS),
        fields.text("where"),
        fields.has("remark") ? Optional.of(fields.text("remark")) : Optional.empty());
  }
}
