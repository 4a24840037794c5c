// A graph with labels, and a text of it that does not depend on the order of its nodes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace xform {

class LabelledGraph {
 public:
  // Returns the node's index.
  int add_node(std::string label);

  // An edge with its label as seen from either end.
  void add_edge(int begin, int end, std::string from_begin, std::string from_end);

  // The node is chiral: `clockwise` for its neighbours in this order, which an odd permutation inverts.
  void set_chiral(int node, std::vector<int> neighbours, bool clockwise);

  // Equal graphs have equal texts, and different graphs different ones. If a graph has more symmetry than
  // is searched (some hundred symmetric numberings), its text may depend on the order of its nodes.
  std::string canonical_text() const;

 private:
  struct Edge {
    int other;
    std::string label;
  };

  struct Node {
    std::string label;
    std::vector<Edge> edges;
    std::vector<int> chiral_neighbours;  // empty: not chiral
    bool clockwise = false;
  };

  // By node: equal for nodes that are not told apart, and ascending in an order that only labels and edges
  // decide.
  using Colours = std::vector<int>;

  Colours refined(Colours colours) const;
  void search(Colours colours, int &numberings_left, std::string &least) const;
  std::string text(const Colours &colours) const;
  bool is_clockwise(const Node &node, const Colours &colours) const;

  std::vector<Node> nodes_;
};

}  // namespace xform
