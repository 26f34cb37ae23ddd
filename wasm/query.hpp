// One query in the forms that its comparisons need: as given for exact distances, as f32 in the units of the
// codes, and as 16-bit numbers to be compared with bytes.

#pragma once
#include "codes.hpp"

namespace chromalite {

class Query {
  Array<float> exact_;
  Array<float> scaled_;
  Array<int16_t> whole_;
  double norm_ = 0;

 public:
  float bias = 0;       ///< distance = bias + factor * sum
  float factor = 1;
  bool fits = true;     ///< whether 16 bits hold the query; only squared distances can do without

  const float* exact() const { return exact_.data(); }
  const float* scaled() const { return scaled_.data(); }
  const int16_t* whole() const { return whole_.data(); }
  double norm() const { return norm_; }

  /// `vector` has the dimension of the codes. False: out of memory.
  [[nodiscard]] bool prepare(const Codes& codes, const float* vector) {
    const uint32_t dimension = codes.dimension, padded = codes.padded;
    if (!assign(exact_, dimension, (dimension + f32_padding - 1) / f32_padding * f32_padding)) return false;
    std::memcpy(exact_.data(), vector, dimension * sizeof(float));
    norm_ = norm_of(vector, dimension);
    if (!assign(scaled_, dimension, padded)) return false;
    const float unit = codes.unit_factor(vector);
    for (uint32_t i = 0; i < dimension; i++) scaled_[i] = vector[i] * unit;
    bias = codes.space == HNSW_L2 ? 0 : 1;
    factor = codes.space == HNSW_L2 ? 1 : -1;
    if (codes.kind == HNSW_CODES_F32) return true;
    return assign(whole_, dimension, padded) && (codes.space == HNSW_L2 ? to_squared(codes) : to_dot(codes));
  }
  float exact_distance_to(uint32_t space, const float* row) const {
    return exact_distance(space, exact(), norm_, row, exact_.size());
  }

 private:
  template <typename value_at> static bool assign(Array<value_at>& array, uint32_t dimension, uint32_t padded) {
    if (!array.resize(padded)) return false;
    for (uint32_t i = dimension; i < padded; i++) array[i] = 0;
    return true;
  }
  /// Squares are taken in the units of the codes; as many as `dimension` of them must fit 31 bits.
  bool to_squared(const Codes& codes) {
    const float per_unit = 127 / codes.scale;
    const float limit = std::sqrt(2147483648.f / float(codes.padded)) - 129;
    factor = 1 / (per_unit * per_unit);
    fits = true;
    for (uint32_t i = 0; i < codes.dimension; i++) {
      scaled_[i] *= per_unit;
      fits = fits && std::abs(scaled_[i]) <= limit;
    }
    if (fits)
      for (uint32_t i = 0; i < codes.dimension; i++) whole_[i] = int16_t(std::nearbyint(scaled_[i]));
    return true;
  }
  /// A dot product leaves the query its own scale: as fine as 31 bits for the sum allow.
  bool to_dot(const Codes& codes) {
    float largest = 0;
    for (uint32_t i = 0; i < codes.dimension; i++)
      if (std::isfinite(scaled_[i])) largest = std::max(largest, std::abs(scaled_[i]));
    const float range = std::min(32767.f, std::floor(2147483647.f / (128 * float(codes.padded))));
    const float per_unit = largest > 0 ? range / largest : 0;
    fits = true;
    for (uint32_t i = 0; i < codes.dimension; i++) {
      const float whole = std::nearbyint(scaled_[i] * per_unit);
      whole_[i] = int16_t(std::isnan(whole) ? 0 : std::clamp(whole, -range, range));
    }
    factor = per_unit > 0 ? -codes.scale / 127 / per_unit : 0;
    return true;
  }
};

}  // namespace chromalite
