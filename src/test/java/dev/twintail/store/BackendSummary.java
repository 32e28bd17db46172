package dev.twintail.store;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Prints at the end of a test run which backends took the contract test and which did not. */
public final class BackendSummary implements TestExecutionListener {
  private final Map<String, String> outcomes = new TreeMap<>();
  private final Map<Class<?>, Integer> failures = new HashMap<>();

  @Override
  public void executionSkipped(TestIdentifier identifier, String reason) {
    note(identifier, "NOT tested: " + reason);
  }

  @Override
  public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
    if (result.getStatus() == TestExecutionResult.Status.FAILED) {
      identifier
          .getSource()
          .filter(MethodSource.class::isInstance)
          .ifPresent(
              source -> failures.merge(((MethodSource) source).getJavaClass(), 1, Integer::sum));
    }
    String reason = result.getThrowable().map(Throwable::getMessage).orElse("");
    note(
        identifier,
        switch (result.getStatus()) {
          case SUCCESSFUL -> "tested" + failed(identifier);
          case ABORTED -> "NOT tested: " + reason.replace("Assumption failed: ", "");
          case FAILED -> "could not be started: " + reason;
        });
  }

  private String failed(TestIdentifier identifier) {
    int count =
        identifier
            .getSource()
            .filter(ClassSource.class::isInstance)
            .map(source -> failures.getOrDefault(((ClassSource) source).getJavaClass(), 0))
            .orElse(0);
    return count == 0 ? "" : ", " + count + " tests FAILED";
  }

  private void note(TestIdentifier identifier, String outcome) {
    identifier
        .getSource()
        .filter(ClassSource.class::isInstance)
        .map(source -> ((ClassSource) source).getJavaClass())
        .filter(ObjectStoreContract.class::isAssignableFrom)
        .ifPresent(test -> outcomes.put(identifier.getDisplayName(), outcome));
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    outcomes.forEach(
        (backend, outcome) -> System.out.println("Store on " + backend + ": " + outcome));
    outcomes.clear();
  }
}
