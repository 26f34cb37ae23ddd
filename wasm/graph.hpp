// The graph: usearch builds it (HNSW, Malkov and Yashunin 2016, arXiv:1603.09320) over slots and links alone,
// the vectors stay in `Codes`. Searching the base layer is ours, on usearch's links: it can be given a set of
// allowed slots and a limit, and touches the rows it is about to compare before it compares the first.

#pragma once
#include "nearest.hpp"
#include "usearch-parts.hpp"

namespace chromalite {

class Graph {
  usearch_graph_t index_;
  Tape tape_;
  Array<uint32_t> slot_of_node_;
  Array<Candidate> frontier_;
  Array<uint32_t> unvisited_;
  uint32_t capacity_ = 0;
  uint32_t degree_;
  uint32_t breadth_;

 public:
  Graph(uint32_t max_neighbors, uint32_t ef_construction)
      : degree_(std::clamp(max_neighbors, 4u, 512u)), breadth_(std::max(ef_construction, 2 * degree_ + 1)) {
    index_ = usearch_graph_t::make({degree_, 2 * degree_}).index;
  }
  Graph(const Graph&) = delete;
  ~Graph() { clear(); }

  uint32_t nodes() const { return uint32_t(index_.size()); }
  uint32_t slot_of(uint32_t node) const { return slot_of_node_[node]; }
  const Tape& tape() const { return tape_; }
  uint64_t bytes() const { return tape_.bytes() + slot_of_node_.bytes() + uint64_t(capacity_) * sizeof(void*); }

  void clear() {
    index_.reset();
    tape_.release();
    slot_of_node_.release();
    capacity_ = 0;
  }

  [[nodiscard]] bool reserve(uint32_t nodes) {
    if (nodes > capacity_) {
      const uint32_t grown = std::max({nodes, capacity_ + capacity_ / 2, 64u});
      if (!index_.try_reserve({grown, 1})) return false;
      capacity_ = grown;
    }
    return slot_of_node_.reserve(nodes) && VisitedNodes::ensure(nodes) && unvisited_.reserve(2 * degree_);
  }

  /// Links the next node, for `slot`. `measure(slot)` and `measure(slot, slot)` are distances in one unit.
  template <typename measure_at> [[nodiscard]] bool add(uint32_t slot, measure_at& measure) {
    if (!reserve(nodes() + 1)) return false;
    slot_of_node_.push_reserved(slot); // usearch measures the new node while it links it
    TapeAllocator::tape = &tape_;
    unum::usearch::index_update_config_t config;
    config.expansion = breadth_;
    auto added = index_.add(slot, 0, NodeMetric<measure_at>{measure, slot_of_node_.data()}, config);
    if (!added) {
      added.error.release();
      slot_of_node_.shrink(nodes());
      return false;
    }
    return true;
  }

  /**
   * Offers `nearest` the allowed slots nearest to the query, going on until as many as it keeps are found and
   * nothing nearer leads on, or more than `visits_max` nodes were looked at. Nodes that are not allowed are passed
   * through. False: out of memory.
   */
  template <typename measure_at, typename allowed_at>
  [[nodiscard]] bool search(measure_at& measure, const allowed_at& allowed, uint32_t visits_max, Nearest& nearest,
                            uint32_t& visits) {
    visits = 0;
    if (nodes() == 0) return true;
    const auto entry = index_.cluster(0, 1, NodeMetric<measure_at>{measure, slot_of_node_.data()});
    VisitedNodes visited;
    visited.clear();
    frontier_.clear();
    visits = 1;
    if (!meet(uint32_t(entry.cluster.member.slot), measure, allowed, nearest, visited)) return false;
    while (frontier_.size() > 0 && visits <= visits_max) {
      const Candidate closest = ~frontier_[0];
      if (closest > nearest.bound()) break;
      std::pop_heap(frontier_.begin(), frontier_.end());
      frontier_.pop();
      unvisited_.clear();
      const auto neighbors = index_.neighbors(chromalite::slot_of(closest), 0);
      for (auto link = neighbors.begin(), end = neighbors.end(); link != end; ++link) {
        const uint32_t node = link.slot();
        if (visited.set(node)) continue;
        unvisited_.push_reserved(node);
        measure.touch(slot_of_node_[node]);
      }
      visits += unvisited_.size();
      for (uint32_t node : unvisited_)
        if (!meet_visited(node, measure, allowed, nearest)) return false;
    }
    return true;
  }

  enum class Adoption { done, corrupt, out_of_memory };

  /// What usearch keeps beside the nodes.
  struct Top {
    uint32_t max_level;
    uint32_t entry_node;
  };
  Top top() const {
    Top top{0, 0};
    auto stopped = index_.save_to_stream([&top](const void* header, size_t) {
      const auto* fields = static_cast<const unum::usearch::index_serialized_header_t*>(header);
      top = {uint32_t(fields->max_level), uint32_t(fields->entry_slot)};
      return false;
    });
    stopped.error.release();
    return top;
  }

  /// Room for the nodes of an image, to be filled by the caller before `adopt`.
  [[nodiscard]] bool lay_out(const uint32_t* block_bytes, uint32_t blocks) {
    clear();
    for (uint32_t i = 0; i < blocks; i++)
      if (block_bytes[i] == 0 || block_bytes[i] > block_bytes_max || !tape_.append(block_bytes[i], block_bytes[i]))
        return false;
    return true;
  }

  /// Takes over the nodes lying on the tape once every link of them is known to lead somewhere.
  Adoption adopt(uint32_t nodes, uint32_t slots, Top top) {
    Array<int16_t> levels;
    if (!reserve(nodes) || !levels.reserve(nodes)) return Adoption::out_of_memory;
    if (!read_nodes(nodes, slots, levels) || !are_links_sound(levels, top)) return Adoption::corrupt;
    tape_.rewind();
    TapeAllocator::tape = &tape_;
    uint32_t reads = 0;
    auto loaded = index_.load_from_stream([&](void* target, size_t bytes) {
      if (reads == 0) {
        const unum::usearch::index_serialized_header_t header{nodes, degree_, 2 * degree_, top.max_level,
                                                              top.entry_node};
        std::memcpy(target, &header, bytes);
      } else if (reads == 1) {
        std::memcpy(target, levels.data(), bytes);
      } // the rest are nodes: `target` is where they already are
      reads++;
      return true;
    });
    capacity_ = nodes;
    if (loaded) return Adoption::done;
    loaded.error.release();
    return Adoption::out_of_memory;
  }

 private:
  template <typename measure_at, typename allowed_at>
  bool meet(uint32_t node, measure_at& measure, const allowed_at& allowed, Nearest& nearest, VisitedNodes& visited) {
    visited.set(node);
    return meet_visited(node, measure, allowed, nearest);
  }
  template <typename measure_at, typename allowed_at>
  bool meet_visited(uint32_t node, measure_at& measure, const allowed_at& allowed, Nearest& nearest) {
    const uint32_t slot = slot_of_node_[node];
    const float distance = measure(slot);
    const Candidate candidate = candidate_of(distance, slot);
    if (candidate >= nearest.bound()) return true;
    if (!frontier_.push(~candidate_of(distance, node))) return false;
    std::push_heap(frontier_.begin(), frontier_.end());
    if (allowed(slot)) nearest.offer(candidate);
    return true;
  }

  // A node on the tape: u32 slot, i16 level, then for each level u32 count and `degree` (twice that at the
  // base) u32 links.
  static constexpr uint32_t node_head_bytes = 6;
  uint32_t links_at(uint32_t level) const { return level == 0 ? 2 * degree_ : degree_; }
  uint32_t node_bytes(uint32_t level) const { return node_head_bytes + 4 * (1 + 2 * degree_ + level * (1 + degree_)); }
  template <typename value_at> static value_at read(const char* address) {
    value_at value;
    std::memcpy(&value, address, sizeof(value));
    return value;
  }

  bool read_nodes(uint32_t nodes, uint32_t slots, Array<int16_t>& levels) {
    slot_of_node_.clear();
    for (uint32_t i = 0; i < tape_.blocks().size(); i++) {
      const Tape::Block& block = tape_.blocks()[i];
      for (uint32_t at = 0; at < block.capacity;) {
        if (levels.size() == nodes || block.capacity - at < node_head_bytes) return false;
        const uint32_t slot = read<uint32_t>(block.address + at);
        const int16_t level = read<int16_t>(block.address + at + 4);
        if (level < 0 || level > 64 || block.capacity - at < node_bytes(level)) return false;
        if (slot >= slots || (levels.size() > 0 && slot <= slot_of_node_[levels.size() - 1])) return false;
        slot_of_node_.push_reserved(slot);
        levels.push_reserved(level);
        at += node_bytes(level);
      }
    }
    return levels.size() == nodes;
  }

  bool are_links_sound(const Array<int16_t>& levels, Top top) const {
    if (top.entry_node >= levels.size() || uint32_t(levels[top.entry_node]) != top.max_level) return false;
    uint32_t node = 0;
    for (uint32_t i = 0; i < tape_.blocks().size(); i++) {
      const Tape::Block& block = tape_.blocks()[i];
      for (uint32_t at = 0; at < block.capacity; at += node_bytes(levels[node++])) {
        const char* list = block.address + at + node_head_bytes;
        for (int16_t level = 0; level <= levels[node]; level++) {
          const uint32_t count = read<uint32_t>(list);
          if (count > links_at(level)) return false;
          for (uint32_t link = 0; link < count; link++) {
            const uint32_t other = read<uint32_t>(list + 4 + 4 * link);
            if (other >= levels.size() || levels[other] < level) return false;
          }
          list += 4 * (1 + links_at(level));
        }
      }
    }
    return true;
  }
};

}  // namespace chromalite
