// The C ABI of substring search over many texts. `text-scan.ts` is its only caller.

#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Which of `count` texts lying one after another contain the needle (1 byte or more). Text i is bytes
/// `starts[i] - starts[0]` to before `starts[i + 1] - starts[0]` of `texts`; 32 bytes after the last must be
/// readable. `found` has room for `count` numbers and gets `*found_count`, ascending. Returns 0.
int32_t text_scan(const uint8_t* texts, const uint32_t* starts, uint32_t count, const uint8_t* needle,
                  uint32_t needle_bytes, uint32_t* found, uint32_t* found_count);

#ifdef __cplusplus
}
#endif
