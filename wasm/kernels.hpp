// Distances by SIMD. Rows are padded with zeros to whole vectors, so no kernel has a remainder loop.
// Each has four accumulators: one add must not wait for the one before it.
//
// The i8 kernels compare a query widened to 16 bits with a row of bytes: i32x4.dot_i16x8 takes the full range
// of both, where the relaxed i8 dot product allows one side only seven bits.

#pragma once
#include <wasm_simd128.h>

#include <cstdint>

namespace chromalite {

constexpr uint32_t i8_padding = 8;   // numbers
constexpr uint32_t f32_padding = 4;  // numbers

inline v128_t multiply_add(v128_t a, v128_t b, v128_t sum) {
#ifdef __wasm_relaxed_simd__
  return wasm_f32x4_relaxed_madd(a, b, sum);
#else
  return wasm_f32x4_add(wasm_f32x4_mul(a, b), sum);
#endif
}

inline float sum_f32(v128_t a) {
  return (wasm_f32x4_extract_lane(a, 0) + wasm_f32x4_extract_lane(a, 1)) +
         (wasm_f32x4_extract_lane(a, 2) + wasm_f32x4_extract_lane(a, 3));
}

inline int32_t sum_i32(v128_t a) {
  return wasm_i32x4_extract_lane(a, 0) + wasm_i32x4_extract_lane(a, 1) + wasm_i32x4_extract_lane(a, 2) +
         wasm_i32x4_extract_lane(a, 3);
}

struct DotF32 {
  static constexpr bool is_dot = true;
  static v128_t step(v128_t a, v128_t b, v128_t sum) { return multiply_add(a, b, sum); }
};
struct SquaredF32 {
  static constexpr bool is_dot = false;
  static v128_t step(v128_t a, v128_t b, v128_t sum) {
    const v128_t difference = wasm_f32x4_sub(a, b);
    return multiply_add(difference, difference, sum);
  }
};
struct DotI16 {
  static constexpr bool is_dot = true;
  static v128_t step(v128_t a, v128_t b) { return wasm_i32x4_dot_i16x8(a, b); }
};
struct SquaredI16 {
  static constexpr bool is_dot = false;
  static v128_t step(v128_t a, v128_t b) {
    const v128_t difference = wasm_i16x8_sub(a, b);
    return wasm_i32x4_dot_i16x8(difference, difference);
  }
};

/// The sum over two f32 rows of `padded` numbers.
template <typename step_at> inline float sum_over_f32(const float* a, const float* b, uint32_t padded) {
  v128_t s0 = wasm_f32x4_const_splat(0), s1 = s0, s2 = s0, s3 = s0;
  uint32_t i = 0;
  for (; i + 16 <= padded; i += 16) {
    s0 = step_at::step(wasm_v128_load(a + i), wasm_v128_load(b + i), s0);
    s1 = step_at::step(wasm_v128_load(a + i + 4), wasm_v128_load(b + i + 4), s1);
    s2 = step_at::step(wasm_v128_load(a + i + 8), wasm_v128_load(b + i + 8), s2);
    s3 = step_at::step(wasm_v128_load(a + i + 12), wasm_v128_load(b + i + 12), s3);
  }
  for (; i < padded; i += 4) s0 = step_at::step(wasm_v128_load(a + i), wasm_v128_load(b + i), s0);
  return sum_f32(wasm_f32x4_add(wasm_f32x4_add(s0, s1), wasm_f32x4_add(s2, s3)));
}

/// The sum over 16-bit numbers and a row of bytes, `padded` numbers each.
template <typename step_at> inline int32_t sum_over_i8(const int16_t* a, const int8_t* b, uint32_t padded) {
  v128_t s0 = wasm_i32x4_const_splat(0), s1 = s0, s2 = s0, s3 = s0;
  uint32_t i = 0;
  for (; i + 32 <= padded; i += 32) {
    s0 = wasm_i32x4_add(s0, step_at::step(wasm_v128_load(a + i), wasm_i16x8_load8x8(b + i)));
    s1 = wasm_i32x4_add(s1, step_at::step(wasm_v128_load(a + i + 8), wasm_i16x8_load8x8(b + i + 8)));
    s2 = wasm_i32x4_add(s2, step_at::step(wasm_v128_load(a + i + 16), wasm_i16x8_load8x8(b + i + 16)));
    s3 = wasm_i32x4_add(s3, step_at::step(wasm_v128_load(a + i + 24), wasm_i16x8_load8x8(b + i + 24)));
  }
  for (; i < padded; i += 8)
    s0 = wasm_i32x4_add(s0, step_at::step(wasm_v128_load(a + i), wasm_i16x8_load8x8(b + i)));
  return sum_i32(wasm_i32x4_add(wasm_i32x4_add(s0, s1), wasm_i32x4_add(s2, s3)));
}

/// The same over two rows of bytes.
template <typename step_at> inline int32_t sum_over_i8(const int8_t* a, const int8_t* b, uint32_t padded) {
  v128_t s0 = wasm_i32x4_const_splat(0), s1 = s0;
  uint32_t i = 0;
  for (; i + 16 <= padded; i += 16) {
    s0 = wasm_i32x4_add(s0, step_at::step(wasm_i16x8_load8x8(a + i), wasm_i16x8_load8x8(b + i)));
    s1 = wasm_i32x4_add(s1, step_at::step(wasm_i16x8_load8x8(a + i + 8), wasm_i16x8_load8x8(b + i + 8)));
  }
  for (; i < padded; i += 8)
    s0 = wasm_i32x4_add(s0, step_at::step(wasm_i16x8_load8x8(a + i), wasm_i16x8_load8x8(b + i)));
  return sum_i32(wasm_i32x4_add(s0, s1));
}

/// The squared distance of f32 numbers, in units of the codes, from a row of bytes: for queries so far out that
/// 16 bits do not hold them. At half the speed of the others.
inline float squared_over_mixed(const float* a, const int8_t* b, uint32_t padded) {
  v128_t s0 = wasm_f32x4_const_splat(0), s1 = s0;
  for (uint32_t i = 0; i < padded; i += 8) {
    const v128_t row = wasm_i16x8_load8x8(b + i);
    const v128_t low = wasm_f32x4_convert_i32x4(wasm_i32x4_extend_low_i16x8(row));
    const v128_t high = wasm_f32x4_convert_i32x4(wasm_i32x4_extend_high_i16x8(row));
    s0 = SquaredF32::step(wasm_v128_load(a + i), low, s0);
    s1 = SquaredF32::step(wasm_v128_load(a + i + 4), high, s1);
  }
  return sum_f32(wasm_f32x4_add(s0, s1));
}

}  // namespace chromalite
