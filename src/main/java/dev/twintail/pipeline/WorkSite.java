package dev.twintail.pipeline;

import dev.twintail.action.Claims;
import dev.twintail.model.Trainer;
import dev.twintail.plan.Preimages;
import dev.twintail.spec.Experiment;
import dev.twintail.workspace.Workspace;
import java.io.Serializable;
import java.util.Optional;

/**
 * Where the actions of a run find what they work with, on whatever machine they are executed. It
 * travels there by serialization, so it holds names and text; no file's path counts there, and no
 * secret travels.
 */
public interface WorkSite extends Serializable {
  /**
   * What actions work with.
   *
   * @param experiment as the driver of the run planned it
   * @param preimages what keys are made of
   * @param claims where workers tell each other what they train; empty if there are no others
   */
  record Equipment(
      Experiment experiment,
      Preimages preimages,
      Workspace workspace,
      Trainer trainer,
      Optional<Claims> claims) {}

  /**
   * Opens it on this machine.
   *
   * @param run id of the run, for provenance
   * @throws java.io.IOException if it cannot be had here, or this machine computes other bits
   */
  Equipment open(String run) throws Exception;
}
