// Substring search by SIMD: 16 places at a time are compared with the needle's first and last byte, and only where
// both agree with all of it (http://0x80.pl/articles/simd-strfind.html). All texts are searched as if they were
// one; a match that reaches into the next text is none.

#include "text-scan.h"

#include <wasm_simd128.h>

#include <cstring>

namespace {

constexpr uint32_t none = UINT32_MAX;

/// Where the needle is next in `texts`, from `at` on; `none` before `end`. Reads up to 16 bytes past `end`.
uint32_t find(const uint8_t* texts, uint32_t at, uint32_t end, const uint8_t* needle, uint32_t bytes) {
  const v128_t first = wasm_i8x16_splat(int8_t(needle[0]));
  const v128_t last = wasm_i8x16_splat(int8_t(needle[bytes - 1]));
  for (; at + bytes <= end; at += 16) {
    const v128_t starts = wasm_i8x16_eq(wasm_v128_load(texts + at), first);
    const v128_t ends = wasm_i8x16_eq(wasm_v128_load(texts + at + bytes - 1), last);
    for (uint32_t mask = wasm_i8x16_bitmask(wasm_v128_and(starts, ends)); mask; mask &= mask - 1) {
      const uint32_t place = at + uint32_t(__builtin_ctz(mask));
      if (place + bytes > end) return none;
      if (std::memcmp(texts + place, needle, bytes) == 0) return place;
    }
  }
  return none;
}

}  // namespace

extern "C" int32_t text_scan(const uint8_t* texts, const uint32_t* starts, uint32_t count, const uint8_t* needle,
                             uint32_t needle_bytes, uint32_t* found, uint32_t* found_count) {
  const uint32_t base = starts[0];
  const uint32_t end = starts[count] - base;
  uint32_t text = 0;
  *found_count = 0;
  for (uint32_t at = 0; (at = find(texts, at, end, needle, needle_bytes)) != none;) {
    while (starts[text + 1] - base <= at) text++;
    const uint32_t text_end = starts[text + 1] - base;
    if (at + needle_bytes <= text_end) {
      found[(*found_count)++] = text;
      at = text_end;
    } else {
      at++;
    }
  }
  return 0;
}
