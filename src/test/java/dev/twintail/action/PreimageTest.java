package dev.twintail.action;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.blob.Digest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreimageTest {
  private static final Digest ABC = Digest.of("abc".getBytes(UTF_8));
  private static final Digest XYZ = Digest.of("xyz".getBytes(UTF_8));

  /** Changes only together with the format's version: every stored key depends on it. */
  @Test
  void key_knownFields_isPinned() {
    assertThat(example().toString())
        .isEqualTo(
            """
            twintail-action 1
            stage\ttrain-siamese\tversion\t3
            parameter\tdata.shuffle\tboolean\ttrue
            parameter\tloss.weight\tdouble\t0x3fe3333333333333 (0.6)
            parameter\tmodel.name\tstring\tline\\nbreak\\ttab\\\\ ü
            parameter\ttraining.epochs\tlong\t12
            input\tbody\tdigest\tba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad 3
            input\ttail\tdigest\t3608bca1e44ea6c4d268eb6db02260269892c0b42b86bbf1e77a6fa16c3c9282 3
            seed\tinitialisation\thex\t00ff
            environment\tblas\tstring\tOpenBLAS 0.3.19
            """);
    assertThat(example().key().sha256())
        .isEqualTo("0391908af5beb5547f3064527a6c30c70b01550d2260df9705f7c762cf07be51");
    assertThat(example().key().sha256()).isEqualTo(example().blob().digest().sha256());
  }

  @Test
  void key_shuffledInsertion_isTheSame() {
    List<Consumer<Preimage.Builder>> steps =
        new ArrayList<>(
            List.of(
                b -> b.parameter("data.shuffle", true),
                b -> b.parameter("loss.weight", 0.6),
                b -> b.parameter("model.name", "line\nbreak\ttab\\ ü"),
                b -> b.parameter("training.epochs", 12),
                b -> b.input("body", ABC),
                b -> b.input("tail", XYZ),
                b -> b.seed("initialisation", "00ff"),
                b -> b.environment("blas", "OpenBLAS 0.3.19")));
    for (int shuffle = 0; shuffle < 20; shuffle++) {
      Collections.shuffle(steps, new Random(shuffle));
      Preimage.Builder builder = Preimage.of("train-siamese", 3);
      steps.forEach(step -> step.accept(builder));

      assertThat(builder.build()).isEqualTo(example());
      assertThat(builder.build().key()).isEqualTo(example().key());
    }
  }

  @Test
  void key_eachDifference_isAnotherKey() {
    Digest longer = new Digest(ABC.sha256(), 4);
    List<Preimage> different =
        List.of(
            example(),
            base("train-siamesf", 3).build(),
            base("train-siamese", 4).build(),
            base("train-siamese", 3).build(),
            base("train-siamese", 3).parameter("x", 1).build(),
            base("train-siamese", 3).parameter("x", 2).build(),
            base("train-siamese", 3).parameter("y", 1).build(),
            base("train-siamese", 3).parameter("x", "1").build(),
            base("train-siamese", 3).parameter("x", 1.0).build(),
            base("train-siamese", 3).parameter("x", true).build(),
            base("train-siamese", 3).parameter("x", "true").build(),
            base("train-siamese", 3).parameter("x", false).build(),
            base("train-siamese", 3).parameter("x", 0.0).build(),
            base("train-siamese", 3).parameter("x", -0.0).build(),
            base("train-siamese", 3).parameter("x", Math.nextUp(1.0)).build(),
            base("train-siamese", 3).parameter("x", Double.NaN).build(),
            base("train-siamese", 3).parameter("x", Double.POSITIVE_INFINITY).build(),
            base("train-siamese", 3).parameter("x", "").build(),
            base("train-siamese", 3).parameter("x", "null").build(),
            base("train-siamese", 3).input("x", ABC).build(),
            base("train-siamese", 3).input("x", XYZ).build(),
            base("train-siamese", 3).input("x", longer).build(),
            base("train-siamese", 3).input("y", ABC).build(),
            base("train-siamese", 3).input("x", ABC).input("y", XYZ).build(),
            base("train-siamese", 3).input("x", XYZ).input("y", ABC).build(),
            base("train-siamese", 3).seed("x", "00").build(),
            base("train-siamese", 3).seed("x", "01").build(),
            base("train-siamese", 3).seed("y", "00").build(),
            base("train-siamese", 3).environment("x", "1").build(),
            base("train-siamese", 3).environment("x", "2").build(),
            base("train-siamese", 3).environment("y", "1").build());

    assertThat(different).extracting(Preimage::key).doesNotHaveDuplicates();
  }

  @Test
  void bytes_nastyStrings_areInjectiveAndRoundTrip() throws Exception {
    List<String> nasty =
        List.of(
            "",
            " ",
            "a",
            "a\n",
            "a\\n",
            "a\\\n",
            "\n",
            "\r",
            "\r\n",
            "\t",
            "\\t",
            "\\",
            "\\\\",
            "\0",
            "\\u0000",
            "\u0085",
            "\u2028",
            "\ud800",
            "\udc00",
            "\udc00\ud800",
            "\ud83d\ude00",
            "?",
            "\ufffd",
            "\\ud800",
            "a\tstring\tb",
            "ä",
            "a\u0308",
            "x\nparameter\ty\tstring\tz");
    Map<ActionKey, String> seen = new HashMap<>();
    for (String name : nasty.subList(1, nasty.size())) {
      for (String value : nasty) {
        Preimage preimage = Preimage.of("stage", 1).parameter(name, value).build();

        assertThat(seen.put(preimage.key(), name + "|" + value)).isNull();
        assertThat(preimage.toString().lines()).hasSize(3);
        Preimage read = Preimage.parse(preimage.bytes());
        assertThat(read).isEqualTo(preimage);
        assertThat(read.fields().get(1).name()).isEqualTo(name);
        assertThat(read.fields().get(1).value()).isEqualTo(value);
      }
    }
  }

  @Test
  void parse_example_roundTrips() throws Exception {
    Preimage read = Preimage.parse(example().bytes());

    assertThat(read).isEqualTo(example());
    assertThat(read.stage()).isEqualTo("train-siamese");
    assertThat(read.key()).isEqualTo(example().key());
  }

  @Test
  void parse_truncatedAnywhere_isMalformedOrAnotherKey() {
    byte[] bytes = example().bytes();
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      try {
        assertThat(Preimage.parse(cut).key()).isNotEqualTo(example().key());
      } catch (MalformedException e) {
        assertThat(e).hasMessageStartingWith("Cannot read preimage: ");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "twintail-action 2\nstage\ts\tversion\t1\n",
        "twintail-action 1\n",
        "twintail-action 1\nparameter\tx\tlong\t1\n",
        "twintail-action 1\nstage\ts\tversion\t1",
        "twintail-action 1\nstage\ts\tversion\n",
        "twintail-action 1\nSTAGE\ts\tversion\t1\n",
        "twintail-action 1\nstage\ts\tversion\t1\nstage\tt\tversion\t1\n",
        "twintail-action 1\nstage\ts\tversion\t1\nparameter\tb\tlong\t1\nparameter\ta\tlong\t1\n",
        "twintail-action 1\nstage\ts\tversion\t1\nparameter\ta\tlong\t1\nparameter\ta\tlong\t1\n",
        "twintail-action 1\nstage\ts\tversion\t1\nparameter\ta\tstring\t\\x\n",
        "twintail-action 1\nstage\ts\tversion\t1\nparameter\ta\tstring\t\\u00\n",
        "twintail-action 1\nstage\ts\tversion\t1\nparameter\ta\tstring\t\\u0041\n",
        "twintail-action 1\nstage\ts\tversion\t1\n\n",
        "twintail-action 1\r\nstage\ts\tversion\t1\r\n",
        "twintail-action 1\nstage\ts\tversion\t1\nrumour\ta\tlong\t1\n",
      })
  void parse_notCanonical_isMalformed(String text) {
    assertThatThrownBy(() -> Preimage.parse(text.getBytes(UTF_8)))
        .isInstanceOf(MalformedException.class)
        .hasMessageStartingWith("Cannot read preimage: ");
  }

  @Test
  void builder_nameTwice_isAnError() {
    assertThatThrownBy(() -> base("s", 1).parameter("x", 1).parameter("x", "2"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot take parameter 'x' twice");
    assertThatThrownBy(() -> base("s", 1).input("x", ABC).input("x", ABC))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(base("s", 1).parameter("x", 1).environment("x", "1").build().fields()).hasSize(3);
  }

  @Test
  void builder_impossibleValues_areErrors() {
    assertThatThrownBy(() -> Preimage.of("s", 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Preimage.of("", 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> base("s", 1).seed("x", "0G"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> base("s", 1).parameter("", 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0.6, 0x3fe3333333333333 (0.6)",
    "1, 0x3ff0000000000000 (1)",
    "100, 0x4059000000000000 (100)",
    "0.001, 0x3f50624dd2f1a9fc (0.001)",
    "1e-8, 0x3e45798ee2308c3a (0.00000001)",
    "2e-3, 0x3f60624dd2f1a9fc (0.002)",
    "1e23, 0x44b52d02c7e14af6 (1E+23)",
    "2.2e-322, 0x000000000000002d (2.2E-322)",
    "4.9e-324, 0x0000000000000001 (5E-324)",
    "0.1234567890123456789, 0x3fbf9add3746f65f (0.12345678901234568)",
    "-0.0, 0x8000000000000000 (-0)",
    "0.0, 0x0000000000000000 (0)",
    "-Infinity, 0xfff0000000000000 (-Infinity)",
    "NaN, 0x7ff8000000000000 (NaN)",
  })
  void parameter_double_isBitsAndShortestDecimal(double value, String text) {
    assertThat(base("s", 1).parameter("x", value).build().fields().get(1).value()).isEqualTo(text);
  }

  private static Preimage.Builder base(String stage, int version) {
    return Preimage.of(stage, version);
  }

  private static Preimage example() {
    return Preimage.of("train-siamese", 3)
        .parameter("training.epochs", 12)
        .parameter("loss.weight", 0.6)
        .parameter("data.shuffle", true)
        .parameter("model.name", "line\nbreak\ttab\\ ü")
        .input("tail", XYZ)
        .input("body", ABC)
        .seed("initialisation", "00ff")
        .environment("blas", "OpenBLAS 0.3.19")
        .build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"nospace", "abc 5", "DIGEST", "DIGEST -1", "DIGEST 01", "DIGESTa 1"})
  void parse_inputThatIsNoDigest_isMalformed(String value) {
    String input = value.replace("DIGEST", "a".repeat(64));
    byte[] bytes =
        ("twintail-action 1\nstage\ts\tversion\t1\ninput\tin\tdigest\t" + input + "\n")
            .getBytes(UTF_8);

    assertThatThrownBy(() -> Preimage.parse(bytes))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("line 3 is no digest");
  }
}
