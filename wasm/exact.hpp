// Exact f32 distances, the ones a caller gets to see. Overflow never makes a NaN: what cannot be told is
// infinitely far. Both rows are padded with zeros to a multiple of `f32_padding`.

#pragma once
#include <cmath>
#include <limits>

#include "hnsw.h"
#include "kernels.hpp"

namespace chromalite {

/// The length of a vector; in doubles, whose squares cannot overflow for any finite f32.
inline double norm_of(const float* row, uint32_t dimension) {
  v128_t s0 = wasm_f64x2_const_splat(0), s1 = s0;
  uint32_t i = 0;
  for (; i + 4 <= dimension; i += 4) {
    const v128_t four = wasm_v128_load(row + i);
    const v128_t low = wasm_f64x2_promote_low_f32x4(four);
    const v128_t high = wasm_f64x2_promote_low_f32x4(wasm_i32x4_shuffle(four, four, 2, 3, 2, 3));
    s0 = wasm_f64x2_add(s0, wasm_f64x2_mul(low, low));
    s1 = wasm_f64x2_add(s1, wasm_f64x2_mul(high, high));
  }
  s0 = wasm_f64x2_add(s0, s1);
  double sum = wasm_f64x2_extract_lane(s0, 0) + wasm_f64x2_extract_lane(s0, 1);
  for (; i < dimension; i++) sum += double(row[i]) * row[i];
  return std::sqrt(sum);
}

/// 1 - cos in doubles, for rows whose f32 sums overflow or vanish.
inline float cosine_of_extremes(const float* query, double query_norm, const float* row, uint32_t dimension) {
  const double norms = query_norm * norm_of(row, dimension);
  if (norms == 0) return 1;
  double dot = 0;
  for (uint32_t i = 0; i < dimension; i++) dot += double(query[i]) * row[i];
  return float(1 - dot / norms);
}

/// The distance of `space`; `query_norm` is used for cosine alone. A zero vector is at cosine distance 1, and
/// rounding takes none below 0.
inline float exact_distance(uint32_t space, const float* query, double query_norm, const float* row, uint32_t padded) {
  float distance;
  if (space == HNSW_L2) {
    distance = sum_over_f32<SquaredF32>(query, row, padded);
  } else {
    const float dot = sum_over_f32<DotF32>(query, row, padded);
    if (space == HNSW_IP) {
      distance = 1 - dot;
    } else {
      const float squared = sum_over_f32<DotF32>(row, row, padded);
      const bool ordinary = squared > 1e-30f && squared < 1e30f && std::isfinite(dot);
      distance = ordinary && query_norm > 0 ? float(1 - double(dot) / (query_norm * std::sqrt(double(squared))))
                                            : cosine_of_extremes(query, query_norm, row, padded);
      if (distance < 0) distance = 0;
    }
  }
  return std::isnan(distance) ? std::numeric_limits<float>::infinity() : distance;
}

}  // namespace chromalite
