package dev.twintail.action;

import java.time.Duration;

/**
 * What came of executing an action.
 *
 * @param manifest its outputs, all of them in the store
 * @param reused whether they were there already
 * @param elapsed how long the work took, or the look-up when nothing was to do
 */
public record Outcome(Manifest manifest, boolean reused, Duration elapsed) {}
