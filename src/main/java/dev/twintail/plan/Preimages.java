package dev.twintail.plan;

import dev.twintail.action.Manifest;
import dev.twintail.action.Preimage;
import dev.twintail.blob.Digest;
import dev.twintail.model.Trainer;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.random.Seed;
import dev.twintail.stage.Stage;
import dev.twintail.stage.StageName;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** Joins stages and action keys: what a stage tells of itself becomes the preimage of its key. */
public final class Preimages {
  private final Trainer trainer;
  private final Map<String, String> environment;
  private final ToIntFunction<StageName> versions;
  // The rounds of a model have the very same network, which is large to compare.
  private final Map<SiameseNetwork, Map<String, String>> environments = byIdentity();
  private final Map<Object, Preimage.Part> parts = byIdentity();

  private static <K, V> Map<K, V> byIdentity() {
    return Collections.synchronizedMap(new IdentityHashMap<>());
  }

  private Preimages(Trainer trainer, ToIntFunction<StageName> versions) {
    this.trainer = trainer;
    environment = Collections.unmodifiableMap(byName(trainer.environment()));
    this.versions = versions;
  }

  /**
   * Returns the preimages of this program's stages.
   *
   * @param trainer what computes in stages with native math
   */
  public static Preimages of(Trainer trainer) {
    return new Preimages(trainer, StageName::version);
  }

  /** Returns the preimages that there would be if stages had other versions. */
  public Preimages withVersions(ToIntFunction<StageName> others) {
    return new Preimages(trainer, others);
  }

  /** Returns the numeric environment of this program. */
  public Map<String, String> environment() {
    return environment;
  }

  /**
   * Returns the numeric environment that is in the key of a stage, and how its network is computed;
   * empty without native math.
   */
  public Map<String, String> environment(Stage stage) {
    if (!stage.name().usesNativeMath()) {
      return Map.of();
    }
    return stage
        .computed()
        .map(network -> environments.computeIfAbsent(network, this::environment))
        .orElse(environment);
  }

  private Map<String, String> environment(SiameseNetwork network) {
    Map<String, String> methods = byName(trainer.methods(network));
    if (methods.isEmpty()) {
      return environment;
    }
    Map<String, String> all = new LinkedHashMap<>(environment);
    all.putAll(methods);
    return all;
  }

  private static Map<String, String> byName(List<Trainer.EnvironmentField> fields) {
    Map<String, String> environment = new LinkedHashMap<>();
    fields.forEach(field -> environment.put(field.name(), field.value()));
    return environment;
  }

  /** Returns the version of a stage. */
  public int version(StageName stage) {
    return versions.applyAsInt(stage);
  }

  /**
   * Returns the digests of the stage's inputs by role, or empty if a stage that it reads is not
   * known yet, or is said not to have put out what this one reads.
   */
  public static Optional<Map<String, Digest>> inputs(
      Stage stage, Function<Stage, Optional<Manifest>> manifests) {
    Map<String, Digest> digests = new LinkedHashMap<>();
    for (Map.Entry<String, Stage.Input> entry : stage.inputs().entrySet()) {
      if (entry.getValue() instanceof Stage.Input.Pinned pinned) {
        digests.put(entry.getKey(), pinned.digest());
      } else if (entry.getValue() instanceof Stage.Input.OutputOf output) {
        Optional<Manifest> manifest = manifests.apply(output.stage());
        if (manifest.isEmpty() || !manifest.get().outputs().containsKey(output.output())) {
          return Optional.empty();
        }
        digests.put(entry.getKey(), manifest.get().output(output.output()));
      }
    }
    return Optional.of(digests);
  }

  public Preimage of(Stage stage, Map<String, Digest> inputs) {
    Preimage.Builder preimage =
        Preimage.of(stage.name().label(), versions.applyAsInt(stage.name()));
    stage.describe(new Describer(preimage, parts));
    inputs.forEach(preimage::input);
    Map<String, String> computes = environment(stage);
    preimage.with(
        parts.computeIfAbsent(
            computes, e -> Preimage.Part.of(part -> computes.forEach(part::environment))));
    return preimage.build();
  }

  /** Writes a stage's description into a preimage. */
  private record Describer(Preimage.Builder preimage, Map<Object, Preimage.Part> parts)
      implements Stage.Description {
    @Override
    public <T> void part(T part, BiConsumer<Stage.Description, T> parameters) {
      preimage.with(
          parts.computeIfAbsent(
              part,
              p ->
                  Preimage.Part.of(
                      builder -> parameters.accept(new Describer(builder, parts), part))));
    }

    @Override
    public void parameter(String path, String value) {
      preimage.parameter(path, value);
    }

    @Override
    public void parameter(String path, long value) {
      preimage.parameter(path, value);
    }

    @Override
    public void parameter(String path, double value) {
      preimage.parameter(path, value);
    }

    @Override
    public void parameter(String path, boolean value) {
      preimage.parameter(path, value);
    }

    @Override
    public void seed(String stream, Seed seed) {
      preimage.seed(stream, seed.hex());
    }
  }
}
