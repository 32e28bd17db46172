package dev.twintail.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.action.ActionKey;
import dev.twintail.action.ActionName;
import dev.twintail.action.MalformedException;
import dev.twintail.action.Preimage;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.record.RunRecord.Counts;
import dev.twintail.record.RunRecord.Status;
import dev.twintail.record.RunRecord.Step;
import dev.twintail.store.ForwardingObjectStore;
import dev.twintail.store.MemoryObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RunLogTest {
  private static final Instant STARTED = Instant.parse("2026-11-21T09:30:00.125Z");
  private static final Digest MANIFEST = Digest.of("manifest".getBytes(UTF_8));

  private final MemoryObjectStore objects = new MemoryObjectStore();
  private final RunLog log = new RunLog(objects);

  @Test
  void append_run_isFoundAgain() throws Exception {
    RunRecord run = run(RunRecord.newId(STARTED));

    log.append(run);

    assertThat(log.ids()).containsExactly(run.id());
    assertThat(log.find(run.id())).contains(run);
    assertThat(log.find("none")).isEmpty();
  }

  @Test
  void append_sameIdTwice_isAnError() throws Exception {
    log.append(run("x"));
    objects.delete("runs/x.json");
    objects.create("runs/x.json", Blob.of("{}".getBytes(UTF_8)));

    assertThatThrownBy(() -> log.append(run("x"))).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void append_requestSentTwice_isDone() throws Exception {
    RunLog twice =
        new RunLog(
            new ForwardingObjectStore(objects) {
              @Override
              public boolean create(String name, Blob content) throws IOException {
                super.create(name, content);
                return super.create(name, content);
              }
            });

    twice.append(run("x"));

    assertThat(log.find("x")).contains(run("x"));
  }

  @Test
  void newId_isTimeInUtcThenRandom() {
    assertThat(RunRecord.newId(STARTED)).matches("20261121T093000\\.125Z-[0-9a-f]{8}");
    assertThat(RunRecord.newId(STARTED)).isNotEqualTo(RunRecord.newId(STARTED));
  }

  @Test
  void toJson_hasFixedOrderAndSortedSteps() throws Exception {
    assertThat(new String(run("x").toJson().bytes(), UTF_8))
        .isEqualToNormalizingNewlines(
            """
            {
              "schema" : 2,
              "id" : "x",
              "spec" : "vieli2021",
              "programVersion" : "0.1.0",
              "started" : "2026-11-21T09:30:00.125Z",
              "ended" : "2026-11-21T09:30:01.125Z",
              "host" : "host",
              "workers" : 2,
              "counts" : {
                "evaluate" : {
                  "executed" : 1,
                  "reused" : 0
                },
                "train" : {
                  "executed" : 1,
                  "reused" : 1
                }
              },
              "steps" : [ {
                "action" : "evaluate/Digits/1",
                "models" : [ "Digits" ],
                "key" : "%1$s",
                "manifest" : "%2$s",
                "manifestBytes" : 8,
                "status" : "EXECUTED"
              }, {
                "action" : "train/Digits/2",
                "models" : [ "Digits", "ConvTail" ],
                "key" : "%1$s",
                "manifest" : "%2$s",
                "manifestBytes" : 8,
                "status" : "REUSED"
              }, {
                "action" : "train/Digits/10",
                "models" : [ "Digits" ],
                "key" : "%1$s",
                "manifest" : "%2$s",
                "manifestBytes" : 8,
                "status" : "EXECUTED"
              } ]
            }"""
                .formatted(key(), MANIFEST));
  }

  @Test
  void find_recordOfSchema1_takesALabelForTheModel() throws Exception {
    String old =
        """
        { "schema" : 1, "id" : "x", "spec" : "vieli2021", "programVersion" : "0.1.0",
          "started" : "2026-11-21T09:30:00.125Z", "ended" : "2026-11-21T09:30:01.125Z",
          "host" : "host", "workers" : 2, "counts" : { },
          "steps" : [
            { "stage" : "data-gen", "label" : "10 models", "round" : 3, "key" : "%1$s",
              "manifest" : "%2$s", "manifestBytes" : 8, "status" : "REUSED" },
            { "stage" : "results", "label" : "10 models", "round" : 0, "key" : "%1$s",
              "manifest" : "%2$s", "manifestBytes" : 8, "status" : "EXECUTED" } ] }
        """
            .formatted(key(), MANIFEST);
    objects.create("runs/x.json", Blob.of(old.getBytes(UTF_8)));

    assertThat(log.find("x").orElseThrow().steps())
        .containsExactly(
            new Step(
                ActionName.ofRound("data-gen", "10 models", 3),
                Set.of("10 models"),
                key(),
                MANIFEST,
                Status.REUSED),
            new Step(
                ActionName.ofAll("results"),
                Set.of("10 models"),
                key(),
                MANIFEST,
                Status.EXECUTED));
  }

  @Test
  void find_recordOfALaterSchema_isMalformed() throws Exception {
    String later = new String(run("x").toJson().bytes(), UTF_8).replace("a\" : 2", "a\" : 3");
    objects.create("runs/x.json", Blob.of(later.getBytes(UTF_8)));

    assertThatThrownBy(() -> log.find("x"))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("its schema is unknown");
  }

  @Test
  void counts_areByStage() {
    assertThat(run("x").counts())
        .isEqualTo(Map.of("evaluate", new Counts(1, 0), "train", new Counts(1, 1)));
  }

  @Test
  void find_truncated_isMalformed() throws Exception {
    byte[] json = run("x").toJson().bytes();
    for (int length = 0; length < json.length; length++) {
      byte[] cut = Arrays.copyOf(json, length);
      assertThatThrownBy(() -> RunRecord.parse(cut))
          .isInstanceOf(MalformedException.class)
          .hasMessageStartingWith("Cannot read run record");
    }
    objects.create("runs/y.json", Blob.of("{}".getBytes(UTF_8)));
    assertThatThrownBy(() -> log.find("y")).isInstanceOf(MalformedException.class);
  }

  @Test
  void find_unknownFields_areSkipped() throws Exception {
    String json = new String(run("x").toJson().bytes(), UTF_8);
    String later =
        json.replaceFirst("\\{", "{ \"new\" : { \"a\" : [ 1, { } ] }, \"list\" : [ 1 ],");
    objects.create("runs/x.json", Blob.of(later.getBytes(UTF_8)));

    assertThat(log.find("x")).contains(run("x"));
  }

  @Test
  void provenance_json_tellsWhenAndWhere() throws Exception {
    Machine machine = new Machine("host", 7, "Linux 6", "amd64", "Debian 17", "");
    Provenance provenance =
        new Provenance(key(), STARTED, Duration.ofMillis(1234), machine, "0.1.0", "x");

    assertThat(new String(provenance.toJson().bytes(), UTF_8))
        .isEqualToNormalizingNewlines(
            """
            {
              "schema" : 1,
              "key" : "%s",
              "started" : "2026-11-21T09:30:00.125Z",
              "elapsedMillis" : 1234,
              "host" : "host",
              "pid" : 7,
              "os" : "Linux 6",
              "arch" : "amd64",
              "java" : "Debian 17",
              "programVersion" : "0.1.0",
              "run" : "x"
            }"""
                .formatted(key()));
  }

  @Test
  void machine_current_isKnown() {
    Machine machine = Machine.current();

    assertThat(machine.host()).isNotBlank();
    assertThat(machine.pid()).isEqualTo(ProcessHandle.current().pid());
    assertThat(machine.java()).contains(System.getProperty("java.vendor"));
    assertThat(machine.processor()).startsWith(machine.processorMaker());
  }

  private static RunRecord run(String id) {
    return new RunRecord(
        id,
        "vieli2021",
        "0.1.0",
        STARTED,
        STARTED.plusSeconds(1),
        "host",
        2,
        List.of(
            step("train", 10, Set.of("Digits"), Status.EXECUTED),
            step("evaluate", 1, Set.of("Digits"), Status.EXECUTED),
            step("train", 2, new LinkedHashSet<>(List.of("Digits", "ConvTail")), Status.REUSED)));
  }

  private static Step step(String stage, int round, Set<String> models, Status status) {
    return new Step(ActionName.ofRound(stage, "Digits", round), models, key(), MANIFEST, status);
  }

  private static ActionKey key() {
    return Preimage.of("stage", 1).build().key();
  }

  @Test
  void find_hostOfControlCharacters_isMadePrintable() throws Exception {
    String json = new String(run("x").toJson().bytes(), UTF_8);
    objects.create(
        "runs/x.json",
        Blob.of(
            json.replaceFirst("\"host\" : \"[^\"]*\"", "\"host\" : \"\\\\u001b[2J\\\\u009bx\"")
                .getBytes(UTF_8)));

    assertThat(log.find("x").orElseThrow().host()).isEqualTo("?[2J?x");
  }

  @Test
  void find_timeThatNoClockTells_isMalformed() throws Exception {
    String json = new String(run("x").toJson().bytes(), UTF_8);
    objects.create(
        "runs/x.json",
        Blob.of(
            json.replaceFirst(
                    "\"ended\" : \"[^\"]*\"", "\"ended\" : \"+1000000000-12-31T23:59:59Z\"")
                .getBytes(UTF_8)));

    assertThatThrownBy(() -> log.find("x"))
        .isInstanceOf(MalformedException.class)
        .hasMessage("Cannot read run record: ended is no time of a run");
  }

  @Test
  void find_recordLargerThanAny_isMalformed() {
    RunLog huge =
        new RunLog(
            new ForwardingObjectStore(objects) {
              @Override
              public Optional<InputStream> open(String name) {
                return Optional.of(new Zeros());
              }
            });

    assertThatThrownBy(() -> huge.find("x"))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("has more than the 256 MiB");
  }

  /** Never ends. */
  private static final class Zeros extends InputStream {
    @Override
    public int read() {
      return 0;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      return length;
    }
  }
}
