package dev.twintail.workspace;

import dev.twintail.action.ActionCache;
import dev.twintail.action.CachingExecutor;
import dev.twintail.record.ProvenanceLog;
import dev.twintail.record.RunLog;
import dev.twintail.record.VerificationLog;
import dev.twintail.store.BlobStore;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.StoreEvents;
import dev.twintail.trust.Trust;

/** One store, seen through all that a run needs of it. */
public record Workspace(
    ObjectStore objects,
    BlobStore blobs,
    ActionCache cache,
    CachingExecutor executor,
    RunLog runs,
    VerificationLog verifications,
    Trust trust) {

  /**
   * Returns the workspace over {@code objects} of someone who believes all that is there.
   *
   * @param programVersion for provenance
   * @param run id of the run, for provenance
   */
  public static Workspace of(
      ObjectStore objects, StoreEvents events, String programVersion, String run) {
    return of(objects, events, programVersion, run, Trust.everybody());
  }

  /**
   * Returns the workspace over {@code objects}.
   *
   * @param programVersion for provenance
   * @param run id of the run, for provenance
   * @param trust whose records count, and in whose name new ones are signed
   */
  public static Workspace of(
      ObjectStore objects, StoreEvents events, String programVersion, String run, Trust trust) {
    BlobStore blobs = new BlobStore(objects, events);
    ActionCache cache = new ActionCache(objects, blobs, events, trust);
    return new Workspace(
        objects,
        blobs,
        cache,
        new CachingExecutor(cache, blobs, new ProvenanceLog(objects, programVersion, run)),
        new RunLog(objects),
        new VerificationLog(objects, trust, events),
        trust);
  }
}
