// Full vectors kept at hand for exact distances, the least recently wanted given up first (CLOCK: one bit a
// row and a hand that goes round). Rows are padded with zeros for the kernels.

#pragma once
#include "exact.hpp"
#include "memory.hpp"

namespace chromalite {

class RowCache {
  static constexpr uint32_t nowhere = 0;
  Rows rows_;
  Array<uint32_t> place_of_slot_;  ///< place + 1, so that new entries are `nowhere`
  Array<uint32_t> slot_of_place_;
  Array<uint8_t> wanted_;
  uint32_t dimension_ = 0;
  uint32_t places_max_ = 0;
  uint32_t hand_ = 0;

 public:
  void open(uint32_t dimension) {
    dimension_ = dimension;
    rows_.open((dimension + f32_padding - 1) / f32_padding * f32_padding * sizeof(float));
  }
  uint32_t rows() const { return slot_of_place_.size(); }
  bool has_room() const { return rows() < places_max_; }
  uint64_t bytes() const {
    return rows_.bytes() + place_of_slot_.bytes() + slot_of_place_.bytes() + wanted_.bytes();
  }

  /// Rows beyond the limit are given up together with all others: it changes rarely.
  void limit(uint64_t bytes) {
    const uint32_t places = uint32_t(std::min<uint64_t>(bytes / rows_.stride(), UINT32_MAX));
    if (places < rows()) clear();
    places_max_ = places;
  }
  void clear() {
    rows_.release();
    place_of_slot_.release();
    slot_of_place_.release();
    wanted_.release();
    hand_ = 0;
  }
  /// Null when it is not here.
  const float* find(uint32_t slot) {
    if (slot >= place_of_slot_.size() || place_of_slot_[slot] == nowhere) return nullptr;
    const uint32_t place = place_of_slot_[slot] - 1;
    wanted_[place] = 1;
    return reinterpret_cast<const float*>(rows_[place]);
  }
  /// Keeps a copy if there is a place and memory for it: a cache may always do without.
  void keep(uint32_t slot, const float* vector) {
    if (places_max_ == 0 || find(slot)) return;
    if (slot >= place_of_slot_.size() && !place_of_slot_.resize(slot + 1)) return;
    uint32_t place = rows();
    if (place < places_max_) {
      if (!rows_.reserve(place + 1) || !slot_of_place_.reserve(place + 1) || !wanted_.reserve(place + 1)) return;
      slot_of_place_.push_reserved(slot);
      wanted_.push_reserved(0);
    } else {
      place = next_unwanted();
      place_of_slot_[slot_of_place_[place]] = nowhere;
      slot_of_place_[place] = slot;
    }
    place_of_slot_[slot] = place + 1;
    float* row = reinterpret_cast<float*>(rows_[place]);
    std::memset(row, 0, rows_.stride());
    std::memcpy(row, vector, dimension_ * sizeof(float));
  }

 private:
  uint32_t next_unwanted() {
    for (;;) {
      const uint32_t place = hand_;
      hand_ = hand_ + 1 == rows() ? 0 : hand_ + 1;
      if (!wanted_[place]) return place;
      wanted_[place] = 0;
    }
  }
};

}  // namespace chromalite
