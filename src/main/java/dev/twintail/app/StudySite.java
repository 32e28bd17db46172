package dev.twintail.app;

import dev.twintail.action.Claims;
import dev.twintail.model.Trainer;
import dev.twintail.pipeline.WorkSite;
import dev.twintail.plan.Preimages;
import dev.twintail.record.Machine;
import dev.twintail.store.LocalObjectStore;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.s3.S3Location;
import dev.twintail.store.s3.S3ObjectStore;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where workers of a study find what they need: its spec as text, and the store, which they open
 * with credentials of their own.
 *
 * @param recipe what the study is made of
 * @param environment the numeric environment of the driver, which workers must have, too
 * @param bits what {@link EngineProbe} gives on the driver's machine, and must give here
 * @param store where the store is
 * @param version the driver's, for provenance
 */
record StudySite(
    Study.StudySettings recipe,
    Map<String, String> environment,
    String bits,
    String store,
    String version)
    implements WorkSite {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 12;

  /** A name that any store may or may not have. */
  private static final String PROBED = "runs/probe";

  private static final Logger LOG = LoggerFactory.getLogger(StudySite.class);

  @Override
  public Equipment open(String run) throws IOException {
    Trainer trainer = recipe.engine().trainer(LOG::warn);
    Map<String, String> here = recipe.engine().environment();
    if (!here.equals(environment)) {
      throw new IOException(
          "it has another numeric environment (%s) than the driver (%s); use machines of one kind"
              .formatted(here, environment));
    }
    String computed = EngineProbe.bits(recipe.engine());
    if (!computed.equals(bits)) {
      throw new IOException(
          "it computes other bits ("
              + computed.substring(0, SHOWN)
              + "…) than the driver ("
              + bits.substring(0, SHOWN)
              + "…) of the same training; use machines of one kind, and compare their self-tests");
    }
    boolean shared = S3Location.isMeantBy(store);
    ObjectStore objects =
        shared
            ? S3ObjectStore.open(S3Location.parse(store), LOG::info)
            : LocalObjectStore.open(Path.of(store));
    // A machine that may not use the store says so here, before an action is lost by it.
    objects.stat(PROBED);
    objects.requireWritable();
    Workspace workspace = Workspace.of(objects, LOG::warn, version, run);
    // A folder is for the workers of one process, of which each knows what the others do.
    Optional<Claims> claims =
        shared
            ? Optional.of(new Claims(objects, Machine.current().host() + ", run " + run))
            : Optional.empty();
    return new Equipment(recipe.experiment(), Preimages.of(trainer), workspace, trainer, claims);
  }
}
