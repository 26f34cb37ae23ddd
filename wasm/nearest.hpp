// The nearest candidates so far, bounded, and the order of distances as integers.

#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>

#include "memory.hpp"

namespace chromalite {

/// A distance and a slot (or node) in one integer that sorts by distance, then by slot. Comparing one integer
/// costs half of comparing a float and a tie.
using Candidate = uint64_t;

inline Candidate candidate_of(float distance, uint32_t slot) {
  uint32_t bits;
  std::memcpy(&bits, &distance, 4);
  bits ^= (bits >> 31) ? 0xffffffffu : 0x80000000u;
  return (uint64_t(bits) << 32) | slot;
}
inline uint32_t slot_of(Candidate candidate) { return uint32_t(candidate); }
inline float distance_of(Candidate candidate) {
  uint32_t bits = uint32_t(candidate >> 32);
  bits ^= (bits >> 31) ? 0x80000000u : 0xffffffffu;
  float distance;
  std::memcpy(&distance, &bits, 4);
  return distance;
}

/// At most `limit` candidates: the smallest that were offered. A heap with the worst on top until `sort`.
class Nearest {
  Array<Candidate> heap_;
  uint32_t limit_ = 0;

 public:
  [[nodiscard]] bool reset(uint32_t limit) {
    heap_.clear();
    limit_ = limit;
    return heap_.reserve(limit);
  }
  uint32_t limit() const { return limit_; }
  uint32_t size() const { return heap_.size(); }
  bool full() const { return heap_.size() == limit_; }
  Candidate operator[](uint32_t i) const { return heap_[i]; }
  /// What a candidate has to be smaller than to be kept.
  Candidate bound() const { return full() ? heap_[0] : UINT64_MAX; }

  void offer(Candidate candidate) {
    if (!full()) {
      heap_.push_reserved(candidate);
      std::push_heap(heap_.begin(), heap_.end());
    } else if (candidate < heap_[0]) {
      replace_worst(candidate);
    }
  }
  /// Ascending; nothing can be offered after it.
  void sort() { std::sort_heap(heap_.begin(), heap_.end()); }

 private:
  void replace_worst(Candidate candidate) {
    const uint32_t size = heap_.size();
    uint32_t hole = 0;
    for (uint32_t child = 1; child < size; child = 2 * hole + 1) {
      child += child + 1 < size && heap_[child + 1] > heap_[child];
      if (heap_[child] <= candidate) break;
      heap_[hole] = heap_[child];
      hole = child;
    }
    heap_[hole] = candidate;
  }
};

}  // namespace chromalite
