package dev.twintail.stats;

import java.util.List;

/**
 * How often {@link Prediction} cries out over tables that surely come from the procedure: each
 * table of each model is judged, as if it were published, by the others. About 5 in 100 are meant
 * to be alarms. Tables move all their models together, so that alarms come in bunches.
 *
 * @param judged tables that got a verdict, over all models
 * @param alarms those called above or below
 * @param undecided tables that got none
 */
public record LeaveOneOut(int judged, int alarms, int undecided) {

  /**
   * Judges all tables of all models.
   *
   * @param models one each
   * @param margin as for {@link Prediction#of}
   */
  public static LeaveOneOut of(List<Tables> models, double margin) {
    int alarms = 0;
    int undecided = 0;
    int all = 0;
    for (Tables tables : models) {
      for (int i = 0; i < tables.count() && tables.count() > 1; i++) {
        Sample left = Sample.of(tables.rounds().get(i));
        switch (Prediction.of(tables.without(i), left, margin).verdict()) {
          case ABOVE, BELOW -> alarms++;
          case UNDECIDED -> undecided++;
          case CONSISTENT -> {}
        }
        all++;
      }
    }
    return new LeaveOneOut(all - undecided, alarms, undecided);
  }
}
