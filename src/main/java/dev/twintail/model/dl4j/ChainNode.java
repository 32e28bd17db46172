package dev.twintail.model.dl4j;

import dev.twintail.random.Draws;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Nodes one after the other; without any, the identity. */
record ChainNode(List<GraphNode> nodes) implements GraphNode {
  ChainNode {
    nodes = List.copyOf(nodes);
  }

  @Override
  public INDArray forward(INDArray x, @Nullable Draws dropout) {
    INDArray y = x;
    for (GraphNode node : nodes) {
      y = node.forward(y, dropout);
    }
    return y;
  }

  @Override
  public INDArray backward(INDArray dy, boolean trains) {
    INDArray dx = dy;
    for (int i = nodes.size() - 1; i >= 0; i--) {
      dx = nodes.get(i).backward(dx, trains);
    }
    return dx;
  }

  @Override
  public void learn(INDArray dy) {
    INDArray dx = dy;
    for (int i = nodes.size() - 1; i >= 0; i--) {
      if (nodes.subList(0, i).stream().noneMatch(GraphNode::hasParameters)) {
        nodes.get(i).learn(dx);
        return;
      }
      dx = nodes.get(i).backward(dx, true);
    }
  }

  @Override
  public boolean hasParameters() {
    return nodes.stream().anyMatch(GraphNode::hasParameters);
  }
}
