// xxHash32 (https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md), the checksum of every byte on disk.

#pragma once
#include <cstdint>
#include <cstring>

namespace chromalite {

inline uint32_t xxhash32(const char* bytes, uint32_t length, uint32_t seed) {
  constexpr uint32_t p1 = 0x9e3779b1, p2 = 0x85ebca77, p3 = 0xc2b2ae3d, p4 = 0x27d4eb2f, p5 = 0x165667b1;
  const auto rotate = [](uint32_t value, int by) { return value << by | value >> (32 - by); };
  const auto word = [](const char* at) {
    uint32_t value;
    std::memcpy(&value, at, 4);
    return value;
  };
  const char* end = bytes + length;
  uint32_t hash = seed + p5;
  if (length >= 16) {
    uint32_t lanes[4] = {seed + p1 + p2, seed + p2, seed, seed - p1};
    for (; end - bytes >= 16; bytes += 16)
      for (int i = 0; i < 4; i++) lanes[i] = rotate(lanes[i] + word(bytes + 4 * i) * p2, 13) * p1;
    hash = rotate(lanes[0], 1) + rotate(lanes[1], 7) + rotate(lanes[2], 12) + rotate(lanes[3], 18);
  }
  hash += length;
  for (; end - bytes >= 4; bytes += 4) hash = rotate(hash + word(bytes) * p3, 17) * p4;
  for (; bytes < end; bytes++) hash = rotate(hash + uint8_t(*bytes) * p5, 11) * p1;
  hash = (hash ^ hash >> 15) * p2;
  hash = (hash ^ hash >> 13) * p3;
  return hash ^ hash >> 16;
}

}  // namespace chromalite
