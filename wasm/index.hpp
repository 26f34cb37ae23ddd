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
  /// Codes were converted since they were encoded, and are less exact than they could be.
  bool is_stale = false;
  /// The codes that are to replace these, and for how many slots they are made.
  Codes next;
  uint32_t recoded = 0;
  bool is_recoding = false;
  /// Counts the changes that an image being written must not see: all but appended and removed slots.
  uint32_t revision = 0;

  Index(uint32_t max_neighbors, uint32_t ef_construction) : graph(max_neighbors, ef_construction) {}

  bool is_removed(uint32_t slot) const {
    return (slot >> 5) < removed.size() && (removed[slot >> 5] >> (slot & 31) & 1);
  }
  uint64_t bytes() const { return sizeof(Index) + codes.bytes() + next.bytes() + cache.bytes() + graph.bytes() +
           removed.bytes(); }

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

  void refit() {
    codes.refit(slots);
    is_stale = slots > 0;
    stop_recoding(); // its scale is outgrown too
    revision++;
  }

  void recode(uint32_t kind) {
    stop_recoding();
    next.open(codes.dimension, codes.space, kind);
    next.scale = kind == HNSW_CODES_I8 ? codes.magnitudes.quantile() : 0;
    is_recoding = true;
  }

  int32_t encode(const float* rows, uint32_t count) {
    if (!is_recoding || count > slots - recoded) return HNSW_BAD_ARGUMENT;
    if (!next.rows.reserve(recoded + count)) return HNSW_OUT_OF_MEMORY;
    for (uint32_t i = 0; i < count; i++) next.encode(recoded + i, rows + size_t(i) * codes.dimension);
    recoded += count;
    if (recoded < slots) return HNSW_OK;
    codes.take(next);
    stop_recoding();
    is_stale = false;
    revision++;
    return HNSW_OK;
  }

  void stop_recoding() {
    next.rows.release();
    recoded = 0;
    is_recoding = false;
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
};

}  // namespace chromalite
