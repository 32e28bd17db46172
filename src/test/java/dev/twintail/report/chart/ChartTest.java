package dev.twintail.report.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.stats.Interval;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChartTest {
  @ParameterizedTest
  @CsvSource({
    "97.045, 2, 97.05", // though the double is a little less, as String.format has it
    "0.125, 2, 0.13",
    "-0.001, 2, 0.00",
    "1e-9, 3, 0.000",
    "100, 0, 100",
    "2.5, 0, 3",
    "-1.375, 2, -1.38",
  })
  void decimal_isRoundedAsPrintfDoes(double value, int digits, String expected) {
    assertThat(Decimal.of(value, digits)).isEqualTo(expected);
    if (value >= 0) { // It writes -0.00.
      assertThat(Decimal.of(value, digits))
          .isEqualTo(String.format(Locale.ROOT, "%." + digits + "f", value));
    }
  }

  @Test
  void decimal_isSignedAndGrouped() {
    assertThat(Decimal.signed(0.004, 2)).isEqualTo("0.00");
    assertThat(Decimal.signed(1.2, 2)).isEqualTo("+1.20");
    assertThat(Decimal.grouped(0)).isEqualTo("0");
    assertThat(Decimal.grouped(999)).isEqualTo("999");
    assertThat(Decimal.grouped(1_234_567)).isEqualTo("1,234,567");
    assertThat(Decimal.grouped(-1000)).isEqualTo("-1,000");
  }

  @ParameterizedTest
  @CsvSource({
    "76.6, 98.1, '75, 80, 85, 90, 95, 100'",
    "0, 1, '0.0, 0.2, 0.4, 0.6, 0.8, 1.0'",
    "-0.013, 0.021, '-0.02, -0.01, 0.00, 0.01, 0.02, 0.03'",
    "5, 5, '4.0, 4.5, 5.0, 5.5, 6.0'",
    "0, 120000, '0, 50000, 100000, 150000'",
  })
  void axis_hasRoundTicksAroundItsValues(double least, double largest, String labels) {
    Axis axis = Axis.around(least, largest, 10, 110);

    assertThat(String.join(", ", axis.ticks().stream().map(axis::label).toList()))
        .isEqualTo(labels);
    assertThat(axis.at(axis.low())).isEqualTo(10);
    assertThat(axis.at(axis.high())).isEqualTo(110);
    assertThat(axis.at(axis.high() + 1)).isEqualTo(110);
  }

  /** NumPy: {@code numpy.quantile([1, 2, 4, 8, 16, 32], [.25, .5, .75])}. */
  @Test
  void quantiles_areThoseOfNumPy() {
    double[] sorted = {1, 2, 4, 8, 16, 32};

    assertThat(Boxes.quantile(sorted, 0.25)).isEqualTo(2.5);
    assertThat(Boxes.quantile(sorted, 0.5)).isEqualTo(6);
    assertThat(Boxes.quantile(sorted, 0.75)).isEqualTo(14);
    assertThat(Boxes.quantile(new double[] {3}, 0.75)).isEqualTo(3);
  }

  @Test
  void markup_escapesTextAndAttributes() {
    Markup markup = new Markup().leaf("a", "x < y & \"z\"\u0007", "title", "<\"&\">");

    assertThat(markup.toString())
        .isEqualTo("<a title=\"&lt;&quot;&amp;&quot;&gt;\">x &lt; y &amp; \"z\"\uFFFD</a>");
  }

  @Test
  void markup_withoutEnd_isRefused() {
    Markup markup = new Markup().open("p");

    assertThatThrownBy(markup::toString).hasMessage("Cannot end the text: <p> is open");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 14, 300})
  void image_isReadBackPixelByPixel(int side) throws IOException {
    float[] pixels = new float[side * side];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i % 256;
    }

    BufferedImage image =
        ImageIO.read(new ByteArrayInputStream(GreyImage.of(side, side, pixels).png()));

    assertThat(image.getWidth()).isEqualTo(side);
    assertThat(image.getHeight()).isEqualTo(side);
    int[] row = new int[pixels.length];
    image.getRaster().getPixels(0, 0, side, side, row);
    for (int i = 0; i < pixels.length; i++) {
      assertThat(row[i]).isEqualTo((int) pixels[i]);
    }
  }

  @Test
  void diagram_keepsArrowsApartThatPassTheSameBox() {
    List<Diagram.Block> boxes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      boxes.add(new Diagram.Block("box " + i, "", List.of()));
    }
    String both =
        Diagram.of("d", "t", "d", boxes, List.of(new Diagram.Arrow(0, 2), new Diagram.Arrow(1, 3)))
            .file();
    Matcher lanes =
        Pattern.compile("class=\"arrow\" d=\"M[0-9.]+ [0-9.]+H([0-9.]+)V").matcher(both);

    assertThat(lanes.results().map(r -> r.group(1)).distinct()).hasSize(2);
  }

  @Test
  void claims_tellVerdictsByShapeColourAndWords() {
    List<Claims.Value> values = new ArrayList<>();
    for (Claims.Mark mark : Claims.Mark.values()) {
      values.add(new Claims.Value(75, Optional.of(new Interval(70, 80)), mark, "75.00 " + mark));
    }
    String svg =
        Claims.of(
                "c",
                "t",
                "d",
                List.of(new Claims.ClaimEstimates("A & B", Optional.of(2.0), values)),
                100,
                "%")
            .inline()
            .toString();

    // 70 is at 8 and 80 at 284: the band from 73 to 77 is four tenths of the axis.
    assertThat(svg)
        .contains(">A &amp; B</text>")
        .contains("class=\"margin\" x=\"90.8\" y=\"19\" width=\"110.4\"")
        .contains("<path class=\"mark claim\"", "<circle class=\"mark agrees\"")
        .contains("<path class=\"mark above\"", "<path class=\"mark below\"")
        .contains("<circle class=\"mark open\"", "<rect class=\"mark alone\"")
        .contains("class=\"whisker mark below\" d=\"M8 ")
        .contains(">75.00 BELOW</text>");
  }

  @Test
  void spreads_cutTheirBarsByShare() {
    Chart chart =
        Spreads.of(
            "s", "t", "d", List.of(new Spreads.SpreadRow("A", 2, 0.25, "63")), "points", "rounds");

    // 0 is at 17.2 and 2 at 382.
    assertThat(chart.inline().toString())
        .contains("class=\"bar\" x=\"108.4\" y=\"23\" width=\"273.6\"")
        .contains("class=\"bar first\" x=\"17.2\" y=\"23\" width=\"91.2\"")
        .contains(">63</text>");
  }

  @Test
  void timeline_putsIntoOneRowWhatFollowsEachOther() {
    List<Timeline.TimelineBar> tasks =
        List.of(
            new Timeline.TimelineBar("host", "train", 0, 5, "first"),
            new Timeline.TimelineBar("host", "train", 1, 3, "beside"),
            new Timeline.TimelineBar("host", "evaluate", 3, 4, "after beside"),
            new Timeline.TimelineBar("other", "train", 5, 6, "elsewhere"));
    String svg = Timeline.of("t", "t", "d", tasks).inline().toString();

    Map<String, String> rows = new TreeMap<>();
    Matcher bars = Pattern.compile(" y=\"([0-9]+)\" [^>]*><title>([^<]+)</title>").matcher(svg);
    while (bars.find()) {
      rows.put(bars.group(2), bars.group(1));
    }
    assertThat(rows)
        .containsExactly(
            Map.entry("after beside", "72"),
            Map.entry("beside", "72"),
            Map.entry("elsewhere", "118"),
            Map.entry("first", "50"));
  }

  @ParameterizedTest
  @CsvSource({
    "-1.50, −1.50",
    "'[-2.99, +0.25]', '[−2.99, +0.25]'",
    "Net-1, Net-1",
    "2026-11-26, 2026-11-26",
    "'a -3', 'a −3'",
    "1e-9, 1e-9",
  })
  void minus_isASignBeforeNumbersAlone(String text, String expected) {
    assertThat(Decimal.minus(text)).isEqualTo(expected);
  }

  /** WCAG 2.2 AA asks for 4.5 to 1 for text and for 3 to 1 for what a drawing is read by. */
  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void colours_contrastEnough_inBothThemes(String theme) {
    Map<String, double[]> colours = colours(theme);

    for (String ground : List.of("paper", "box")) {
      for (String text : List.of("ink", "muted", "blue", "rust", "green")) {
        assertThat(contrast(colours.get(text), colours.get(ground)))
            .as(theme + ": " + text + " on " + ground)
            .isGreaterThan(4.5);
      }
    }
    double[] densest = mix(colours.get("blue"), colours.get("box"), 0.5);
    assertThat(contrast(colours.get("ink"), densest))
        .as(theme + ": densest cell")
        .isGreaterThan(4.5);
  }

  private static Map<String, double[]> colours(String theme) {
    String css = Chart.styles();
    int dark = css.indexOf("@media (prefers-color-scheme: dark)");
    Matcher matcher =
        Pattern.compile("--([a-z]+): #([0-9a-f]{6});")
            .matcher(theme.equals("dark") ? css.substring(dark) : css.substring(0, dark));
    Map<String, double[]> colours = new TreeMap<>();
    while (matcher.find()) {
      double[] parts = new double[3];
      for (int i = 0; i < 3; i++) {
        parts[i] = Integer.parseInt(matcher.group(2).substring(2 * i, 2 * i + 2), 16) / 255.0;
      }
      colours.put(matcher.group(1), parts);
    }
    return colours;
  }

  private static double[] mix(double[] over, double[] under, double opacity) {
    double[] mixed = new double[3];
    for (int i = 0; i < 3; i++) {
      mixed[i] = opacity * over[i] + (1 - opacity) * under[i];
    }
    return mixed;
  }

  private static double contrast(double[] a, double[] b) {
    double high = Math.max(luminance(a), luminance(b));
    double low = Math.min(luminance(a), luminance(b));
    return (high + 0.05) / (low + 0.05);
  }

  private static double luminance(double[] colour) {
    double[] linear = new double[3];
    for (int i = 0; i < 3; i++) {
      linear[i] =
          colour[i] <= 0.04045 ? colour[i] / 12.92 : Math.pow((colour[i] + 0.055) / 1.055, 2.4);
    }
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  }
}
