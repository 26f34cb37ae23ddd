// Distances by slot, as the graph and the scans ask for them: from the query to a slot, and between two slots.
// One class a kernel, so that each search is compiled around its own.

#pragma once
#include "query.hpp"

namespace chromalite {

/// Loads one byte of every second cache line of a row, so that rows arrive together instead of one by one.
inline void touch_row(const char* row, uint32_t bytes) {
  for (uint32_t at = 0; at < bytes; at += 128) __asm__ volatile("" ::"r"(row[at]));
}

template <typename step_at> struct MeasureI8 {
  const Codes& codes;
  const int16_t* query;
  float bias;
  float factor;

  float operator()(uint32_t slot) const {
    return bias + factor * float(sum_over_i8<step_at>(query, codes.i8(slot), codes.padded));
  }
  float operator()(uint32_t a, uint32_t b) const {
    return bias + factor * float(sum_over_i8<step_at>(codes.i8(a), codes.i8(b), codes.padded));
  }
  void touch(uint32_t slot) const { touch_row(codes.rows[slot], codes.padded); }
};

/// For queries that 16 bits do not hold.
struct MeasureFarI8 {
  const Codes& codes;
  const float* query;
  float factor;

  float operator()(uint32_t slot) const { return factor * squared_over_mixed(query, codes.i8(slot), codes.padded); }
  float operator()(uint32_t a, uint32_t b) const {
    return factor * float(sum_over_i8<SquaredI16>(codes.i8(a), codes.i8(b), codes.padded));
  }
  void touch(uint32_t slot) const { touch_row(codes.rows[slot], codes.padded); }
};

template <typename step_at> struct MeasureF32 {
  const Codes& codes;
  const float* query;
  float bias;
  float factor;

  float operator()(uint32_t slot) const {
    return number(bias + factor * sum_over_f32<step_at>(query, codes.f32(slot), codes.padded));
  }
  float operator()(uint32_t a, uint32_t b) const {
    return number(bias + factor * sum_over_f32<step_at>(codes.f32(a), codes.f32(b), codes.padded));
  }
  void touch(uint32_t slot) const { touch_row(codes.rows[slot], codes.padded * 4); }

 private:
  static float number(float distance) {
    return std::isnan(distance) ? std::numeric_limits<float>::infinity() : distance;
  }
};

/// Calls `use` with the measure for this query on these codes.
template <typename use_at> auto with_measure(const Codes& codes, const Query& query, use_at&& use) {
  const bool squared = codes.space == HNSW_L2;
  if (codes.kind == HNSW_CODES_F32) {
    if (squared) return use(MeasureF32<SquaredF32>{codes, query.scaled(), query.bias, query.factor});
    return use(MeasureF32<DotF32>{codes, query.scaled(), query.bias, query.factor});
  }
  if (!squared) return use(MeasureI8<DotI16>{codes, query.whole(), query.bias, query.factor});
  if (query.fits) return use(MeasureI8<SquaredI16>{codes, query.whole(), query.bias, query.factor});
  return use(MeasureFarI8{codes, query.scaled(), query.factor});
}

/// Calls `use` with the measure from `slot`'s own code; distances are whole units of the codes. `widened` has
/// room for a row.
template <typename use_at> auto with_measure_from(const Codes& codes, uint32_t slot, int16_t* widened, use_at&& use) {
  const bool squared = codes.space == HNSW_L2;
  if (codes.kind == HNSW_CODES_F32) {
    if (squared) return use(MeasureF32<SquaredF32>{codes, codes.f32(slot), 0, 1});
    return use(MeasureF32<DotF32>{codes, codes.f32(slot), 0, -1});
  }
  for (uint32_t i = 0; i < codes.padded; i++) widened[i] = codes.i8(slot)[i];
  if (squared) return use(MeasureI8<SquaredI16>{codes, widened, 0, 1});
  return use(MeasureI8<DotI16>{codes, widened, 0, -1});
}

}  // namespace chromalite
