// Where malloc takes memory from the system: in place of the C library's own `sbrk`, which asks for 64 KiB at
// a time. Engines that run JavaScript collect all of its garbage when a wasm memory grows, so that a thousand
// small indexes would stop the worker more than a thousand times.

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace {

constexpr uint64_t page_bytes = 65536;
/// The memory grows by an eighth of what it has, within these.
constexpr uint64_t step_bytes_min = 4 * page_bytes;
constexpr uint64_t step_bytes_max = 256 * page_bytes;

uint64_t memory_bytes() { return __builtin_wasm_memory_size(0) * page_bytes; }

bool grow(uint64_t bytes) {
  return __builtin_wasm_memory_grow(0, size_t((bytes + page_bytes - 1) / page_bytes)) != SIZE_MAX;
}

/// Up to here, malloc has it. What it had when the module started is malloc's from the beginning.
uint64_t given = 0;
/// Up to here, the memory is ours to give: whoever else grew it keeps what is behind.
uint64_t end = 0;

}  // namespace

/// `more` bytes behind those given before, or the address behind them for 0. All ones: there is no memory left.
extern "C" void* sbrk(intptr_t more) {
  if (end == 0) given = end = memory_bytes();
  const uint64_t wanted = given + uint64_t(more);
  if (wanted > end) {
    // Grown by somebody else, it has a gap: malloc goes on behind it.
    if (memory_bytes() != end) given = end = memory_bytes();
    const uint64_t needed = given + uint64_t(more) - end;
    const uint64_t step = std::clamp(end / 8, step_bytes_min, step_bytes_max);
    if (!grow(std::max(needed, step)) && !grow(needed)) return reinterpret_cast<void*>(SIZE_MAX);
    end = memory_bytes();
  }
  void* start = reinterpret_cast<void*>(uintptr_t(given));
  given += uint64_t(more);
  return start;
}
