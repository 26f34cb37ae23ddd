// One index: codes, the graph over them, the removed slots, and the full vectors at hand.

#pragma once
#include <memory>
#include <new>

#include "graph.hpp"
#include "hnsw.h"
#include "measures.hpp"
#include "row-cache.hpp"

namespace chromalite {

/// Slots that a query may return: those in `words` (null: all) that are not removed.
struct Allowed {
  const uint32_t* words;
  uint32_t words_count;
  const uint32_t* removed;
  uint32_t removed_count;

  uint32_t word(uint32_t i) const {
    const uint32_t given = !words ? UINT32_MAX : i < words_count ? words[i] : 0;
    return i < removed_count ? given & ~removed[i] : given;
  }
  bool operator()(uint32_t slot) const { return word(slot >> 5) >> (slot & 31) & 1; }
};

class Index {
 public:
  Codes codes;
  RowCache cache;
  Graph graph;
  Array<uint32_t> removed;  ///< bits
  uint32_t slots = 0;
  uint32_t removed_count = 0;
  uint32_t indexed = 0;
  uint32_t nodes_removed = 0;
  /// Codes of these slots were converted, not encoded: less exact than they could be.
  uint32_t stale_start = 0;
  uint32_t stale_end = 0;
  /// Counts the changes that an image being written must not see: all but appended and removed slots.
  uint32_t revision = 0;

  Index(uint32_t max_neighbors, uint32_t ef_construction) : graph(max_neighbors, ef_construction) {}

  bool is_removed(uint32_t slot) const {
    return (slot >> 5) < removed.size() && (removed[slot >> 5] >> (slot & 31) & 1);
  }
  uint64_t bytes() const { return sizeof(Index) + codes.bytes() + cache.bytes() + graph.bytes() + removed.bytes(); }

  int32_t append(const float* rows, uint32_t count, bool keep_scale) {
    if (count > UINT32_MAX - 1 - slots) return HNSW_BAD_ARGUMENT;
    if (!codes.rows.reserve(slots + count) || !codes.observe(rows, count)) return HNSW_OUT_OF_MEMORY;
    if (codes.clips() && !(keep_scale && slots > 0)) refit();
    for (uint32_t i = 0; i < count; i++) {
      const float* row = rows + size_t(i) * codes.dimension;
      codes.encode(slots + i, row);
      if (cache.has_room()) cache.keep(slots + i, row);
    }
    slots += count;
    return HNSW_OK;
  }

  int32_t encode(uint32_t slot_start, const float* rows, uint32_t count) {
    if (slot_start > slots || count > slots - slot_start) return HNSW_BAD_ARGUMENT;
    for (uint32_t i = 0; i < count; i++) codes.encode(slot_start + i, rows + size_t(i) * codes.dimension);
    if (slot_start <= stale_start) stale_start = std::max(stale_start, std::min(slot_start + count, stale_end));
    revision++;
    return HNSW_OK;
  }

  void refit() {
    codes.refit(slots);
    mark_stale();
  }

  int32_t widen() {
    if (codes.kind == HNSW_CODES_F32) return HNSW_OK;
    if (!codes.widen(slots)) return HNSW_OUT_OF_MEMORY;
    mark_stale();
    return HNSW_OK;
  }

  /// Whether the code of a slot is its vector, so that distances from it are exact.
  bool is_exact(uint32_t slot) const {
    return codes.kind == HNSW_CODES_F32 && (slot < stale_start || slot >= stale_end);
  }

  int32_t remove(uint32_t slot) {
    if (slot >= slots) return HNSW_BAD_ARGUMENT;
    if (is_removed(slot)) return HNSW_OK;
    if (!removed.resize(std::max(removed.size(), (slot >> 5) + 1))) return HNSW_OUT_OF_MEMORY;
    removed[slot >> 5] |= 1u << (slot & 31);
    removed_count++;
    if (slot < indexed) nodes_removed++;
    return HNSW_OK;
  }

  int32_t add(uint32_t count, Array<int16_t>& widened) {
    if (!widened.resize(codes.padded)) return HNSW_OUT_OF_MEMORY;
    revision++;
    for (; count > 0 && indexed < slots; count--, indexed++) {
      if (is_removed(indexed)) continue;
      const bool added = with_measure_from(codes, indexed, widened.data(),
                                           [this](auto measure) { return graph.add(indexed, measure); });
      if (!added) return HNSW_OUT_OF_MEMORY;
    }
    return HNSW_OK;
  }

  void drop_graph() {
    graph.clear();
    indexed = 0;
    nodes_removed = 0;
    revision++;
  }

 private:
  void mark_stale() {
    stale_start = 0;
    stale_end = slots;
    revision++;
  }
};

}  // namespace chromalite
