package dev.twintail.app;

/** A form in which others keep results. */
public enum ExportFormat {
  /** A folder with the files and their metadata, by the Workflow Run profile of RO-Crate. */
  RO_CRATE,
  /** A statement with SLSA provenance of the files' digests. */
  IN_TOTO,
  /** A page for each model. */
  MODEL_CARD,
  /** What each model learnt as a graph that Deeplearning4j loads, and the pairs to try it with. */
  DL4J
}
