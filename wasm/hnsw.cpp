// The C ABI: handles to indexes, arguments checked, work passed on. See hnsw.h for what each call means.

#include "hnsw.h"

#include "conversation.hpp"
#include "xxhash.hpp"

using namespace chromalite;

namespace {

constexpr uint32_t dimension_max = 65536;
/// Past this a sum of i8 products does not fit 31 bits.
constexpr uint32_t i8_dimension_max = 32768;
constexpr uint32_t image_part_bytes_max = 1u << 20;

Array<Index*> indexes;
Array<char> scratch;
Array<int16_t> widened;
Array<float> padded;
Conversation conversation;

Index* find(uint32_t handle) { return handle > 0 && handle <= indexes.size() ? indexes[handle - 1] : nullptr; }

/// The index that `handle` names, if the query at work is about it.
Index* find_asked(uint32_t handle) {
  Index* index = find(handle);
  return index && conversation.is_about(index) ? index : nullptr;
}

/// Cuts `bytes` into parts of at most 1 MiB; true when `part` is one of them, else takes them off `part`.
bool is_part(const char* address, uint32_t bytes, uint32_t& part, const void** part_address, uint32_t* part_bytes) {
  const uint32_t parts = (bytes + image_part_bytes_max - 1) / image_part_bytes_max;
  if (part >= parts) {
    part -= parts;
    return false;
  }
  *part_address = address + size_t(part) * image_part_bytes_max;
  *part_bytes = std::min(image_part_bytes_max, bytes - part * image_part_bytes_max);
  return true;
}

}  // namespace

extern "C" {

void* hnsw_scratch(uint32_t bytes) { return scratch.reserve(bytes) ? scratch.data() : nullptr; }

int32_t hnsw_open(uint32_t dimension, uint32_t space, uint32_t max_neighbors, uint32_t ef_construction,
                  uint32_t code_kind, uint32_t* handle) {
  if (dimension == 0 || dimension > dimension_max || space > HNSW_IP || code_kind > HNSW_CODES_F32)
    return HNSW_BAD_ARGUMENT;
  if (code_kind == HNSW_CODES_I8 && dimension > i8_dimension_max) return HNSW_BAD_ARGUMENT;
  void* room = std::malloc(sizeof(Index));
  if (!room) return HNSW_OUT_OF_MEMORY;
  Index* index = new (room) Index(max_neighbors, ef_construction);
  uint32_t at = 0;
  while (at < indexes.size() && indexes[at]) at++;
  if (at == indexes.size() && !indexes.push(nullptr)) {
    index->~Index();
    std::free(room);
    return HNSW_OUT_OF_MEMORY;
  }
  index->codes.open(dimension, space, code_kind);
  index->cache.open(dimension);
  indexes[at] = index;
  *handle = at + 1;
  return HNSW_OK;
}

int32_t hnsw_close(uint32_t handle) {
  Index* index = find(handle);
  if (!index) return HNSW_BAD_HANDLE;
  if (conversation.is_about(index)) conversation.end();
  index->~Index();
  std::free(index);
  indexes[handle - 1] = nullptr;
  return HNSW_OK;
}

int32_t hnsw_state(uint32_t handle, hnsw_state_t* state) {
  const Index* index = find(handle);
  if (!index) return HNSW_BAD_HANDLE;
  const Graph::Top top = index->graph.top();
  *state = {index->slots,
            index->removed_count,
            index->indexed,
            index->graph.nodes(),
            index->nodes_removed,
            index->removed.size(),
            index->codes.kind,
            index->codes.scale,
            index->codes.magnitudes.quantile(),
            index->codes.magnitudes.share_above(index->codes.scale),
            index->is_stale,
            index->is_recoding ? index->recoded : UINT32_MAX,
            index->revision,
            index->cache.rows(),
            uint32_t(index->bytes()),
            top.max_level,
            top.entry_node,
            index->graph.tape().blocks().size()};
  return HNSW_OK;
}

int32_t hnsw_cache_limit(uint32_t handle, uint32_t bytes) {
  Index* index = find(handle);
  if (!index) return HNSW_BAD_HANDLE;
  index->cache.limit(bytes);
  return HNSW_OK;
}

int32_t hnsw_append(uint32_t handle, const float* rows, uint32_t count, uint32_t keep_scale) {
  Index* index = find(handle);
  return index ? index->append(rows, count, keep_scale) : HNSW_BAD_HANDLE;
}

int32_t hnsw_recode(uint32_t handle, uint32_t code_kind) {
  Index* index = find(handle);
  if (!index) return HNSW_BAD_HANDLE;
  if (index->slots == 0 || index->codes.kind != HNSW_CODES_I8 || code_kind > HNSW_CODES_F32) return HNSW_BAD_ARGUMENT;
  index->recode(code_kind);
  return HNSW_OK;
}

int32_t hnsw_encode(uint32_t handle, const float* rows, uint32_t count) {
  Index* index = find(handle);
  return index ? index->encode(rows, count) : HNSW_BAD_HANDLE;
}

int32_t hnsw_remove(uint32_t handle, uint32_t slot) {
  Index* index = find(handle);
  return index ? index->remove(slot) : HNSW_BAD_HANDLE;
}

int32_t hnsw_reserve(uint32_t handle, uint32_t count) {
  Index* index = find(handle);
  if (!index) return HNSW_BAD_HANDLE;
  return index->graph.reserve(index->graph.nodes() + count) ? HNSW_OK : HNSW_OUT_OF_MEMORY;
}

int32_t hnsw_add(uint32_t handle, uint32_t count) {
  Index* index = find(handle);
  return index ? index->add(count, widened) : HNSW_BAD_HANDLE;
}

int32_t hnsw_query(uint32_t handle, const float* query, uint32_t count, const uint32_t* allowed,
                   uint32_t allowed_words) {
  Index* index = find(handle);
  if (!index) return HNSW_BAD_HANDLE;
  if (count == 0) return HNSW_BAD_ARGUMENT;
  return conversation.begin(*index, query, count, allowed, allowed_words);
}

int32_t hnsw_search(uint32_t handle, uint32_t visits_max, uint32_t* visits) {
  return find_asked(handle) ? conversation.search(visits_max, visits) : HNSW_BAD_HANDLE;
}

int32_t hnsw_scan(uint32_t handle, uint32_t slot_start, uint32_t slot_end) {
  const Index* index = find_asked(handle);
  if (!index) return HNSW_BAD_HANDLE;
  if (slot_start > slot_end || slot_end > index->slots) return HNSW_BAD_ARGUMENT;
  conversation.scan(slot_start, slot_end);
  return HNSW_OK;
}

int32_t hnsw_candidates(uint32_t handle, uint32_t* count) {
  return find_asked(handle) ? conversation.sort(count) : HNSW_BAD_HANDLE;
}

int32_t hnsw_rescore(uint32_t handle, uint32_t begin, uint32_t end, uint32_t* missing, uint32_t* missing_count) {
  return find_asked(handle) ? conversation.rescore(begin, end, missing, missing_count) : HNSW_BAD_HANDLE;
}

int32_t hnsw_supply(uint32_t handle, const uint32_t* candidates, const float* rows, uint32_t count) {
  return find_asked(handle) ? conversation.supply(candidates, rows, count, padded) : HNSW_BAD_HANDLE;
}

int32_t hnsw_margin(uint32_t handle, uint32_t rescored, uint32_t k, float* margin) {
  if (!find_asked(handle)) return HNSW_BAD_HANDLE;
  if (k == 0) return HNSW_BAD_ARGUMENT;
  *margin = conversation.margin(rescored, k);
  return HNSW_OK;
}

int32_t hnsw_results(uint32_t handle, uint32_t rescored, uint32_t k, uint32_t* slots, float* distances,
                     uint32_t* count) {
  return find_asked(handle) ? conversation.results(rescored, k, slots, distances, count) : HNSW_BAD_HANDLE;
}

int32_t hnsw_distances(uint32_t handle, const float* query, const float* rows, uint32_t count, float* distances) {
  const Index* index = find(handle);
  return index ? conversation.distances(*index, query, rows, count, distances, padded) : HNSW_BAD_HANDLE;
}

int32_t hnsw_image_part(uint32_t handle, uint32_t section, uint32_t count, uint32_t part, const void** address,
                        uint32_t* bytes) {
  Index* index = find(handle);
  if (!index) return HNSW_BAD_HANDLE;
  *address = nullptr;
  *bytes = 0;
  if (section == HNSW_REMOVED) {
    if (count > index->removed.size()) return HNSW_BAD_ARGUMENT;
    is_part(reinterpret_cast<const char*>(index->removed.data()), count * 4, part, address, bytes);
  } else if (section == HNSW_MAGNITUDES) {
    const Array<uint32_t>& counts = index->codes.magnitudes.counts;
    is_part(reinterpret_cast<const char*>(counts.data()), counts.size() * 4, part, address, bytes);
  } else if (section == HNSW_CODES) {
    if (count > index->slots) return HNSW_BAD_ARGUMENT;
    const Rows& rows = index->codes.rows;
    for (uint32_t slot = 0; slot < count; slot += rows.run(slot))
      if (is_part(rows[slot], std::min(rows.run(slot), count - slot) * rows.stride(), part, address, bytes)) break;
  } else {
    for (uint32_t i = 0; i < index->graph.tape().blocks().size(); i++) {
      const Tape::Block& block = index->graph.tape().blocks()[i];
      if (is_part(block.address, block.used, part, address, bytes)) break;
    }
  }
  return HNSW_OK;
}

int32_t hnsw_image_tape(uint32_t handle, uint32_t* block_bytes) {
  const Index* index = find(handle);
  if (!index) return HNSW_BAD_HANDLE;
  const Array<Tape::Block>& blocks = index->graph.tape().blocks();
  for (uint32_t i = 0; i < blocks.size(); i++) block_bytes[i] = blocks[i].used;
  return HNSW_OK;
}

int32_t hnsw_image_begin(uint32_t handle, const hnsw_state_t* state, const uint32_t* block_bytes) {
  Index* index = find(handle);
  if (!index) return HNSW_BAD_HANDLE;
  if (index->slots > 0 || index->codes.kind != state->code_kind) return HNSW_BAD_ARGUMENT;
  if (state->indexed > state->slots || state->nodes > state->indexed) return HNSW_CORRUPT;
  if (state->removed_words > (uint64_t(state->slots) + 31) / 32) return HNSW_CORRUPT;
  if (!index->removed.resize(state->removed_words) || !index->codes.rows.reserve(state->slots) ||
      (state->slots > 0 && !index->codes.magnitudes.reserve_for(index->codes.kind)) ||
      !index->graph.lay_out(block_bytes, state->tape_blocks))
    return HNSW_OUT_OF_MEMORY;
  index->slots = state->slots;
  index->removed_count = state->removed;
  index->indexed = state->indexed;
  index->nodes_removed = state->nodes_removed;
  index->codes.scale = state->scale;
  index->is_stale = state->is_stale;
  return HNSW_OK;
}

int32_t hnsw_image_end(uint32_t handle, const hnsw_state_t* state) {
  Index* index = find(handle);
  if (!index) return HNSW_BAD_HANDLE;
  index->codes.magnitudes.count_again();
  if (state->nodes == 0) return HNSW_OK;
  switch (index->graph.adopt(state->nodes, index->indexed, {state->max_level, state->entry_node})) {
    case Graph::Adoption::done: return HNSW_OK;
    case Graph::Adoption::corrupt: return HNSW_CORRUPT;
    case Graph::Adoption::out_of_memory: return HNSW_OUT_OF_MEMORY;
  }
}

int32_t hnsw_checksum(const void* address, uint32_t bytes, uint32_t seed, uint32_t* hash) {
  *hash = xxhash32(static_cast<const char*>(address), bytes, seed);
  return HNSW_OK;
}

}  // extern "C"
