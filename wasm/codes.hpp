// Codes: every vector as it is searched, resident, one row a slot. i8 codes are the vector (made unit length
// for cosine) divided by a scale that all rows share; f32 codes are the vector itself. The scale comes from
// a histogram of magnitudes, so that a few large values cannot take the resolution from all others.

#pragma once
#include <cmath>

#include "exact.hpp"
#include "memory.hpp"

namespace chromalite {

/// Counts of magnitudes in bins an eighth of a power of two wide, from 2^-32 to 2^32.
class Magnitudes {
  static constexpr int32_t exponent_min = -32;
  static constexpr uint32_t bins = 64 * 8;
  uint64_t total_ = 0;

 public:
  Array<uint32_t> counts;

  [[nodiscard]] bool reserve_for(uint32_t kind) { return kind != HNSW_CODES_I8 || counts.resize(bins); }
  /// After `counts` was filled from outside.
  void count_again() {
    total_ = 0;
    for (uint32_t count : counts) total_ += count;
  }
  void release() {
    counts.release();
    total_ = 0;
  }

  void observe(const float* row, uint32_t dimension, float factor) {
    for (uint32_t i = 0; i < dimension; i++) {
      const float value = row[i] * factor;
      uint32_t bits;
      std::memcpy(&bits, &value, 4);
      const int32_t bin = int32_t((bits & 0x7fffffff) >> 20) - (127 + exponent_min) * 8;
      counts[uint32_t(std::clamp<int32_t>(bin, 0, bins - 1))]++;
    }
    total_ += dimension;
  }
  /// The magnitude that 99.99 % of the values do not exceed.
  float quantile() const {
    if (total_ == 0) return 0;
    uint64_t above = total_ / 10000;
    for (uint32_t bin = bins - 1; bin > 0; bin--) {
      if (counts[bin] > above) {
        const float low = edge(bin), share = 1 - float(above) / counts[bin];
        return low + (edge(bin + 1) - low) * share;
      }
      above -= counts[bin];
    }
    return edge(1);
  }
  /// The share of values above `magnitude`, as exactly as bins can tell, 0 to 1.
  float share_above(float magnitude) const {
    uint64_t above = 0;
    for (uint32_t bin = bins - 1; bin > 0 && total_ > 0 && edge(bin) >= magnitude; bin--) above += counts[bin];
    return total_ ? float(double(above) / double(total_)) : 0;
  }

 private:
  static float edge(uint32_t bin) { return std::ldexp(1 + float(bin % 8) / 8, int(bin / 8) + exponent_min); }
};

class Codes {
 public:
  uint32_t kind = HNSW_CODES_F32;
  uint32_t space = HNSW_L2;
  uint32_t dimension = 0;
  uint32_t padded = 0;  ///< numbers a row
  float scale = 0;
  Magnitudes magnitudes;
  Rows rows;

  void open(uint32_t dimension_, uint32_t space_, uint32_t kind_) {
    dimension = dimension_;
    space = space_;
    kind = kind_;
    const uint32_t padding = kind == HNSW_CODES_I8 ? i8_padding : f32_padding;
    padded = (dimension + padding - 1) / padding * padding;
    rows.open(padded * (kind == HNSW_CODES_I8 ? 1 : 4));
  }
  const int8_t* i8(uint32_t slot) const { return reinterpret_cast<int8_t*>(rows[slot]); }
  const float* f32(uint32_t slot) const { return reinterpret_cast<float*>(rows[slot]); }
  uint64_t bytes() const { return rows.bytes() + magnitudes.counts.bytes(); }

  /// Takes note of rows about to be encoded. False: out of memory.
  [[nodiscard]] bool observe(const float* vectors, uint32_t count) {
    if (kind != HNSW_CODES_I8) return true;
    if (!magnitudes.reserve_for(kind)) return false;
    for (uint32_t i = 0; i < count; i++) {
      const float* vector = vectors + size_t(i) * dimension;
      magnitudes.observe(vector, dimension, unit_factor(vector));
    }
    return true;
  }
  /// Whether more values are beyond the scale than a fit may leave there.
  bool clips() const {
    return kind == HNSW_CODES_I8 && (scale == 0 || magnitudes.share_above(scale) > clipped_share_max);
  }
  /// Writes the code of `vector` (dimension numbers) as row `slot`.
  void encode(uint32_t slot, const float* vector) {
    if (kind == HNSW_CODES_I8) {
      encode_i8(rows[slot], vector, unit_factor(vector) * 127 / scale);
    } else {
      const float factor = unit_factor(vector);
      float* code = reinterpret_cast<float*>(rows[slot]);
      for (uint32_t i = 0; i < dimension; i++) code[i] = vector[i] * factor;
      for (uint32_t i = dimension; i < padded; i++) code[i] = 0;
    }
  }
  /// Takes the quantile as the scale and converts the first `slots` rows.
  void refit(uint32_t slots) {
    const float fitted = magnitudes.quantile();
    const v128_t factor = wasm_f32x4_splat(scale / fitted);
    for (uint32_t slot = 0; slot < slots; slot++) {
      char* code = rows[slot];
      for (uint32_t i = 0; i < padded; i += 8) {
        const v128_t wide = wasm_i16x8_load8x8(code + i);
        const v128_t low = wasm_f32x4_convert_i32x4(wasm_i32x4_extend_low_i16x8(wide));
        const v128_t high = wasm_f32x4_convert_i32x4(wasm_i32x4_extend_high_i16x8(wide));
        const v128_t whole = wasm_i16x8_narrow_i32x4(
            wasm_i32x4_trunc_sat_f32x4(wasm_f32x4_nearest(wasm_f32x4_mul(low, factor))),
            wasm_i32x4_trunc_sat_f32x4(wasm_f32x4_nearest(wasm_f32x4_mul(high, factor))));
        wasm_v128_store64_lane(code + i, wasm_i8x16_narrow_i16x8(whole, whole), 0);
      }
    }
    scale = fitted;
  }
  /// Becomes `other`, which was made of the same vectors, and leaves it empty.
  void take(Codes& other) {
    rows.swap(other.rows);
    other.rows.release();
    kind = other.kind;
    padded = other.padded;
    scale = other.scale;
    if (kind == HNSW_CODES_F32) magnitudes.release();
  }
  /// What makes the vector unit length for cosine, 1 otherwise; 0 for a vector without direction.
  float unit_factor(const float* vector) const {
    if (space != HNSW_COSINE) return 1;
    const double norm = norm_of(vector, dimension);
    return norm > 0 && std::isfinite(norm) ? float(1 / norm) : 0;
  }

 private:
  static constexpr float clipped_share_max = 0.001f;

  void encode_i8(char* code, const float* vector, float factor) {
    const v128_t factors = wasm_f32x4_splat(factor);
    uint32_t i = 0;
    for (; i + 4 <= dimension; i += 4) {
      const v128_t scaled = wasm_f32x4_nearest(wasm_f32x4_mul(wasm_v128_load(vector + i), factors));
      const v128_t whole = wasm_i32x4_trunc_sat_f32x4(scaled);  // NaN becomes 0
      const v128_t narrow = wasm_i16x8_narrow_i32x4(whole, whole);
      wasm_v128_store32_lane(code + i, wasm_i8x16_narrow_i16x8(narrow, narrow), 0);
    }
    for (; i < dimension; i++) {
      const float scaled = std::nearbyint(vector[i] * factor);
      code[i] = char(std::isnan(scaled) ? 0 : int8_t(std::clamp(scaled, -128.f, 127.f)));
    }
    for (; i < padded; i++) code[i] = 0;
  }
};

}  // namespace chromalite
