// The C ABI of the vector engine: codes, graph, exact scans and exact distances of many indexes in one
// wasm memory. `hnsw.ts` is its only caller; nobody else sees these names or this memory.
//
// Every function but `hnsw_scratch` returns a status: 0, or one of the negative values below. Out-parameters
// come last. Nothing throws; a failed call leaves the index as it was unless its comment says otherwise.
// A query is a short conversation, because full vectors may have to be fetched in the middle of it:
//
//     hnsw_query → hnsw_search and/or hnsw_scan → hnsw_rescore (→ hnsw_supply) → hnsw_results
//
// One conversation runs at a time; `hnsw_query` begins a new one.

#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  HNSW_OK = 0,
  HNSW_OUT_OF_MEMORY = -1,
  HNSW_BAD_HANDLE = -2,
  HNSW_BAD_ARGUMENT = -3,
  HNSW_CORRUPT = -4,
};

enum { HNSW_L2 = 0, HNSW_COSINE = 1, HNSW_IP = 2 };

/// How vectors are kept for searching: a byte a number times the index's scale, or the number itself.
enum { HNSW_CODES_I8 = 0, HNSW_CODES_F32 = 1 };

/// `hnsw_state` fills one of these; all counts, sizes in bytes.
typedef struct {
  uint32_t slots;          ///< vectors appended, removed ones among them
  uint32_t removed;        ///< slots marked by `hnsw_remove`
  uint32_t indexed;        ///< slots below this are in the graph, or were removed before their turn
  uint32_t nodes;          ///< nodes of the graph
  uint32_t nodes_removed;  ///< of these, removed
  uint32_t removed_words;  ///< 32-bit words of the bitset of removed slots
  uint32_t code_kind;      ///< HNSW_CODES_…
  float scale;             ///< the magnitude that code 127 stands for; 0 before the first row and with f32 codes
  float fitted_scale;      ///< the 99.99 % quantile of all magnitudes appended: the scale of the next fit
  float clipped_share;     ///< share of all values that are beyond the scale, 0 to 1
  uint32_t is_stale;       ///< 1: codes were converted since they were encoded, and would gain by `hnsw_recode`
  uint32_t recoded;        ///< slots that the next codes are made for; UINT32_MAX when none are being made
  uint32_t revision;       ///< counts all changes but appended and removed slots
  uint32_t cached_rows;    ///< full vectors in the row cache
  uint32_t memory_bytes;   ///< everything this index has allocated
  uint32_t max_level;      ///< of the graph; for the image's header
  uint32_t entry_node;     ///< of the graph; for the image's header
  uint32_t tape_blocks;    ///< of the graph; for the image's header
} hnsw_state_t;

/// Memory both sides use to pass rows, bitsets and results: at least `bytes`, aligned to 16, zero when there
/// is none left. Its content lasts until the next `hnsw_scratch`, which may move it.
void* hnsw_scratch(uint32_t bytes);

/// Opens an empty index. `dimension` 1 to 65536. The graph's degree is clamped to 4..512 and
/// `ef_construction` to at least twice the degree + 1: below that a graph falls apart.
int32_t hnsw_open(uint32_t dimension, uint32_t space, uint32_t max_neighbors, uint32_t ef_construction,
                  uint32_t code_kind, uint32_t* handle);

/// Frees everything the index holds; its handle is never used again.
int32_t hnsw_close(uint32_t handle);

int32_t hnsw_state(uint32_t handle, hnsw_state_t* state);

/// Keeps at most `bytes` of full vectors at hand; what is over it goes at once.
int32_t hnsw_cache_limit(uint32_t handle, uint32_t bytes);

// -- codes --

/// Appends `count` rows (count x dimension f32) as the next slots. When over 0.1 % of all values are beyond the
/// scale with them, the fitted scale is taken first and every code converted, which makes codes stale and stops
/// recoding; not so if `keep_scale` is 1 and there is a scale.
int32_t hnsw_append(uint32_t handle, const float* rows, uint32_t count, uint32_t keep_scale);

/// Begins to replace i8 codes by others: of the fitted scale, or f32. The present ones stay in use until the new
/// ones are complete.
int32_t hnsw_recode(uint32_t handle, uint32_t code_kind);

/// Makes the new codes of the next `count` slots from their rows; with the last slot's they take over.
int32_t hnsw_encode(uint32_t handle, const float* rows, uint32_t count);

/// Marks a slot: no search returns it any more. The graph keeps passing through it.
int32_t hnsw_remove(uint32_t handle, uint32_t slot);

// -- graph --

/// Makes room for `count` more nodes, so that adding them can fail for no other want of memory than links.
int32_t hnsw_reserve(uint32_t handle, uint32_t count);

/// Puts the next `count` slots (fewer at the end) into the graph, in order; removed ones are passed over.
/// On HNSW_OUT_OF_MEMORY those before the failing one are in.
int32_t hnsw_add(uint32_t handle, uint32_t count);

// -- queries --

/// Begins a query: `query` is dimension f32; at most `count` candidates are kept. `allowed` may be null: every
/// slot; otherwise bit `slot & 31` of word `slot >> 5`, slots past its end are not allowed. It must stay where
/// it is until the candidates are complete.
int32_t hnsw_query(uint32_t handle, const float* query, uint32_t count, const uint32_t* allowed,
                   uint32_t allowed_words);

/// Adds the candidates that the graph leads to; the breadth (HNSW's ef) is the `count` of `hnsw_query`. `*visits`: how
/// many nodes were looked at. Once they are more than `visits_max` it gives up, and the candidates are those found so
/// far.
int32_t hnsw_search(uint32_t handle, uint32_t visits_max, uint32_t* visits);

/// Adds the nearest by comparing the codes of every allowed slot from `slot_start` to before `slot_end`.
int32_t hnsw_scan(uint32_t handle, uint32_t slot_start, uint32_t slot_end);

/// Ends the collecting: candidates in order of their codes' distance. `*count`: how many.
int32_t hnsw_candidates(uint32_t handle, uint32_t* count);

/// Computes exact distances of the candidates from `begin` to before `end`. Those whose vector is not in the
/// cache are listed in `missing` as pairs of candidate and slot.
int32_t hnsw_rescore(uint32_t handle, uint32_t begin, uint32_t end, uint32_t* missing, uint32_t* missing_count);

/// The full vectors of `count` missing candidates, dimension f32 each, in the order of `candidates`.
int32_t hnsw_supply(uint32_t handle, const uint32_t* candidates, const float* rows, uint32_t count);

/// How sure the k nearest among the first `rescored` candidates are. `*margin`: how many standard deviations
/// of the codes' error lie between the k-th exact distance and the next candidate's; infinite when none is left.
int32_t hnsw_margin(uint32_t handle, uint32_t rescored, uint32_t k, float* margin);

/// The best `k` of the rescored ones by exact distance, ties by slot: `*count` slots and distances.
int32_t hnsw_results(uint32_t handle, uint32_t rescored, uint32_t k, uint32_t* slots, float* distances,
                     uint32_t* count);

/// Exact distances between one query and `count` given rows, in the index's space; needs no slot.
int32_t hnsw_distances(uint32_t handle, const float* query, const float* rows, uint32_t count, float* distances);

// -- image --

/// What an image is made of, in this order.
enum { HNSW_REMOVED = 0, HNSW_MAGNITUDES = 1, HNSW_CODES = 2, HNSW_NODES = 3 };

/// The `part`-th piece of memory, of at most 1 MiB, of a section; `*bytes` is 0 past the last. Saving reads the
/// pieces, loading fills them; both enumerate the same. `count`: words of the removed bits or slots of the codes
/// that belong to the image, since more may have come while it is written.
int32_t hnsw_image_part(uint32_t handle, uint32_t section, uint32_t count, uint32_t part, const void** address,
                        uint32_t* bytes);

/// The used bytes of each block of the graph's memory, `tape_blocks` numbers.
int32_t hnsw_image_tape(uint32_t handle, uint32_t* block_bytes);

/// Lays out an empty index, opened with the image's parameters, as `state` says, for its parts to be filled.
int32_t hnsw_image_begin(uint32_t handle, const hnsw_state_t* state, const uint32_t* block_bytes);

/// Checks every link and takes the filled parts over. HNSW_CORRUPT: the index is good for nothing but closing.
int32_t hnsw_image_end(uint32_t handle, const hnsw_state_t* state);

/// xxHash32 of `bytes` at `address`.
int32_t hnsw_checksum(const void* address, uint32_t bytes, uint32_t seed, uint32_t* hash);

#ifdef __cplusplus
}
#endif
