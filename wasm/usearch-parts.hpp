// The parts that usearch's graph is put together from here: allocators that return null instead of throwing,
// and stand-ins for two of its own that pay for threads, which this memory does not have.

#pragma once
#include <cstdint>

#include "memory.hpp"
#include "nearest.hpp"
#include <usearch/index.hpp>

namespace chromalite {

/// malloc behind the shape of a standard allocator.
template <typename value_at> struct HeapAllocator {
  using value_type = value_at;
  template <typename other_at> struct rebind {
    using other = HeapAllocator<other_at>;
  };
  HeapAllocator() noexcept = default;
  template <typename other_at> HeapAllocator(const HeapAllocator<other_at>&) noexcept {}
  value_at* allocate(std::size_t count) const noexcept {
    return static_cast<value_at*>(std::malloc(count * sizeof(value_at)));
  }
  void deallocate(value_at* values, std::size_t) const noexcept { std::free(values); }
};

/// Cuts nodes from the tape of the graph at work. The tape is static because usearch replaces an allocator by a
/// default-constructed one when it loads.
struct TapeAllocator {
  using value_type = char;
  static inline Tape* tape = nullptr;
  char* allocate(std::size_t bytes) const noexcept { return tape->cut(uint32_t(bytes)); }
  void deallocate(char*, std::size_t) const noexcept {}  // the tape is released as a whole
};

/// Which nodes a search has met: a byte each that holds the number of the search, so that forgetting them all is
/// one increment. One array serves every graph, since one search runs at a time.
class VisitedNodes {
  static inline Array<uint8_t> marks_;
  static inline uint8_t search_ = 0;

 public:
  [[nodiscard]] static bool ensure(uint32_t nodes) {
    return nodes <= marks_.size() || marks_.resize(nodes + nodes / 2);
  }
  void clear() noexcept {
    if (++search_ == 0) {
      std::memset(marks_.data(), 0, marks_.size());
      search_ = 1;
    }
  }
  bool test(uint32_t node) const noexcept { return marks_[node] == search_; }
  bool set(uint32_t node) noexcept {
    if (marks_[node] == search_) return true;
    marks_[node] = search_;
    return false;
  }
  bool reserve(std::size_t) const noexcept { return true; } // `ensure` did, before the search
  std::size_t size() const noexcept { return 1; }
};

using usearch_graph_t =
    unum::usearch::index_gt<float, uint32_t, uint32_t, HeapAllocator<char>, TapeAllocator>;

/// usearch's name for a distance between nodes, told by slots.
template <typename measure_at> struct NodeMetric {
  measure_at& measure;
  const uint32_t* slot_of_node;

  template <typename entry_at> float operator()(int, const entry_at& entry) const noexcept {
    return measure(slot_of_node[get_slot(entry)]);
  }
  template <typename entry_at> float operator()(const entry_at& a, const entry_at& b) const noexcept {
    return measure(slot_of_node[get_slot(a)], slot_of_node[get_slot(b)]);
  }
};

}  // namespace chromalite

namespace unum {
namespace usearch {

template <>
class growing_hash_set_gt<std::uint32_t, hash_gt<std::uint32_t>, chromalite::HeapAllocator<char>>
    : public chromalite::VisitedNodes {};

template <std::size_t cache_line_ak> class striped_locks_gt<chromalite::HeapAllocator<char>, cache_line_ak> {
 public:
  striped_locks_gt() noexcept = default;
  striped_locks_gt(std::size_t, std::size_t) noexcept {}
  explicit operator bool() const noexcept { return true; }
  bool atomic_set(std::size_t) const noexcept { return false; }
  void lock(std::size_t) const noexcept {}
  void unlock(std::size_t) const noexcept {}
};

/**
 * usearch draws levels from a generator that begins anew whenever room is reserved or a graph is loaded: nodes high up
 * are then too few, and clusters far apart are not reached (recall .985 instead of .995 on 50 clusters of 1,000).
 * Here the level comes from the node's number, whatever happened before.
 */
template <>
inline std::int16_t chromalite::usearch_graph_t::choose_random_level_(std::default_random_engine&) const noexcept {
  const std::uint32_t mixed = std::uint32_t(hash_gt<std::uint64_t>{}(std::uint64_t(size()) + 1));
  const double uniform = (double(mixed) + 1) / 4294967296.0;  // above 0, at most 1
  return std::int16_t(-std::log(uniform) * pre_.inverse_log_connectivity);
}

}  // namespace usearch
}  // namespace unum
