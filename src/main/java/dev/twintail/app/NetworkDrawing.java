package dev.twintail.app;

import dev.twintail.network.Branches;
import dev.twintail.network.DigitRelation;
import dev.twintail.network.Head;
import dev.twintail.network.Layer;
import dev.twintail.network.LayerList;
import dev.twintail.network.Shape;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.report.Outline;
import dev.twintail.report.chart.Decimal;
import dev.twintail.report.chart.Diagram;
import java.util.ArrayList;
import java.util.List;

/** A network as boxes: images, body, head, tail, answer. */
final class NetworkDrawing {
  private final List<Diagram.Block> boxes = new ArrayList<>();
  private final List<Diagram.Arrow> arrows = new ArrayList<>();

  private NetworkDrawing() {}

  static Outline.Drawing of(SiameseNetwork network) {
    NetworkDrawing drawing = new NetworkDrawing();
    drawing.draw(network);
    return new Outline.Drawing(drawing.boxes, drawing.arrows);
  }

  private void draw(SiameseNetwork network) {
    boxes.add(new Diagram.Block("Two images", network.input() + " each", List.of()));
    arrows.add(new Diagram.Arrow(0, 1));
    boxes.add(part(bodyTitle(network.branches()), network.body(), network.bodyInput()));
    if (network.digitHead().isPresent()) {
      LayerList layers = network.digitHead().get().layers();
      String whose =
          network.digitHead().get().branches() == Branches.SHARED ? "one for both" : "one each";
      arrows.add(new Diagram.Arrow(1, boxes.size()));
      boxes.add(part("Digit heads, " + whose, layers, network.body().output(network.bodyInput())));
    }
    arrows.add(new Diagram.Arrow(1, boxes.size()));
    boxes.add(new Diagram.Block("Head: " + head(network), "", List.of()));
    if (network.head().hasTail()) {
      arrows.add(new Diagram.Arrow(boxes.size() - 1, boxes.size()));
      boxes.add(part("Tail", network.tail(), new Shape.Vector(network.tailInputs())));
    }
    arrows.add(new Diagram.Arrow(boxes.size() - 1, boxes.size()));
    String sign = strict(network) ? "<" : "≤";
    boxes.add(new Diagram.Block("first " + sign + " second?", "no or yes", List.of()));
  }

  private static String bodyTitle(Branches branches) {
    return switch (branches) {
      case SHARED -> "Body, same weights for both images";
      case SEPARATE -> "Body, one for each image";
      case MERGED -> "Body, reads both images at once";
    };
  }

  private static boolean strict(SiameseNetwork network) {
    return network.head() == Head.ARITHMETIC && network.comparison() == DigitRelation.LESS;
  }

  private static String head(SiameseNetwork network) {
    return switch (network.head()) {
      case LOGITS -> "raw outputs";
      case SOFTMAX -> "softmax of each image's outputs";
      case ARGMAX -> "one-hot of the largest output";
      case ARITHMETIC -> "compares the likeliest digits";
      case SOFT_ARITHMETIC -> "adds up P(i) · P(j) over i ≤ j";
    };
  }

  private static Diagram.Block part(String title, LayerList layers, Shape input) {
    List<Diagram.DiagramLine> lines = new ArrayList<>();
    Shape shape = input;
    for (Layer layer : layers.layers()) {
      shape = layer.output(shape);
      String parameters =
          layer.parameters() == 0 ? "" : " · " + Decimal.grouped(layer.parameters());
      lines.add(new Diagram.DiagramLine(layer.text(), shape + parameters));
    }
    return new Diagram.Block(title, Decimal.grouped(layers.parameters()), lines);
  }
}
