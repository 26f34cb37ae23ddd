// The query at work: its forms, its candidates, their exact distances. One at a time, for all indexes.

#pragma once
#include "index.hpp"

namespace chromalite {

class Conversation {
  /// Of 32 rows that follow each other, comparing all is faster than picking so many: 17 ns each in order against 100
  /// and more picked (100,000 x 384), where the processor cannot know which comes next.
  static constexpr uint32_t dense_count = 4;

  Index* index_ = nullptr;
  Query query_;
  Nearest nearest_;
  Array<float> exact_;
  Allowed allowed_{};
  Array<Candidate> ranked_;

 public:
  bool is_about(const Index* index) const { return index_ == index; }
  void end() { index_ = nullptr; }

  int32_t begin(Index& index, const float* query, uint32_t count, const uint32_t* words, uint32_t words_count) {
    index_ = nullptr;
    if (!nearest_.reset(count) || !query_.prepare(index.codes, query)) return HNSW_OUT_OF_MEMORY;
    allowed_ = {words, words_count, index.removed.data(), index.removed.size()};
    index_ = &index;
    return HNSW_OK;
  }

  int32_t search(uint32_t visits_max, uint32_t* visits) {
    return with_measure(index_->codes, query_, [&](auto measure) {
      return index_->graph.search(measure, allowed_, visits_max, nearest_, *visits) ? HNSW_OK : HNSW_OUT_OF_MEMORY;
    });
  }

  void scan(uint32_t slot_start, uint32_t slot_end) {
    with_measure(index_->codes, query_, [&](auto measure) {
      for (uint32_t word = slot_start >> 5; word << 5 < slot_end; word++) {
        const uint32_t first = std::max(slot_start, word << 5), end = std::min(slot_end, (word << 5) + 32);
        const uint32_t in_range = (UINT32_MAX << (first & 31)) & (UINT32_MAX >> (31 - ((end - 1) & 31)));
        uint32_t bits = allowed_.word(word) & in_range;
        if (uint32_t(__builtin_popcount(bits)) >= dense_count) {
          for (uint32_t slot = first; slot < end; slot++) {
            const Candidate candidate = candidate_of(measure(slot), slot);
            if (bits >> (slot & 31) & 1) nearest_.offer(candidate);
          }
        } else {
          for (; bits; bits &= bits - 1) {
            const uint32_t slot = (word << 5) + uint32_t(__builtin_ctz(bits));
            nearest_.offer(candidate_of(measure(slot), slot));
          }
        }
      }
    });
  }

  int32_t sort(uint32_t* count) {
    if (!exact_.resize(nearest_.size()) || !ranked_.reserve(nearest_.size())) return HNSW_OUT_OF_MEMORY;
    nearest_.sort();
    *count = nearest_.size();
    return HNSW_OK;
  }

  int32_t rescore(uint32_t begin, uint32_t end, uint32_t* missing, uint32_t* missing_count) {
    if (begin > end || end > exact_.size()) return HNSW_BAD_ARGUMENT;
    *missing_count = 0;
    for (uint32_t i = begin; i < end; i++) {
      const uint32_t slot = slot_of(nearest_[i]);
      if (index_->codes.kind == HNSW_CODES_F32) {
        const float distance = distance_of(nearest_[i]);
        exact_[i] = index_->codes.space == HNSW_COSINE && distance < 0 ? 0 : distance;
      } else if (const float* row = index_->cache.find(slot)) {
        exact_[i] = query_.exact_distance_to(index_->codes.space, row);
      } else {
        missing[2 * *missing_count] = i;
        missing[2 * (*missing_count)++ + 1] = slot;
      }
    }
    return HNSW_OK;
  }

  int32_t supply(const uint32_t* candidates, const float* rows, uint32_t count, Array<float>& padded) {
    const uint32_t dimension = index_->codes.dimension;
    if (!padded.resize(dimension + f32_padding)) return HNSW_OUT_OF_MEMORY;
    std::memset(padded.data(), 0, padded.size() * sizeof(float));
    for (uint32_t i = 0; i < count; i++) {
      if (candidates[i] >= exact_.size()) return HNSW_BAD_ARGUMENT;
      const float* row = rows + size_t(i) * dimension;
      std::memcpy(padded.data(), row, dimension * sizeof(float));
      exact_[candidates[i]] = query_.exact_distance_to(index_->codes.space, padded.data());
      index_->cache.keep(slot_of(nearest_[candidates[i]]), row);
    }
    return HNSW_OK;
  }

  /// See `hnsw_margin`.
  float margin(uint32_t rescored, uint32_t k) {
    const bool is_last = rescored == nearest_.size();
    if (is_last && !nearest_.full()) return std::numeric_limits<float>::infinity();
    if (k > rescored) return 0;
    rank(rescored);
    std::nth_element(ranked_.begin(), ranked_.begin() + (k - 1), ranked_.end());
    const double kth = distance_of(ranked_[k - 1]);
    double sum = 0, squares = 0;
    for (uint32_t i = 0; i < rescored; i++) {
      const double error = double(exact_[i]) - distance_of(nearest_[i]);
      sum += error;
      squares += error * error;
    }
    const double mean = sum / rescored;
    const double deviation = std::sqrt(std::max(0.0, squares / rescored - mean * mean));
    const double next = distance_of(nearest_[is_last ? rescored - 1 : rescored]) + mean;
    // Codes that order exactly as the vectors do leave no doubt: equals are candidates in order of their slots.
    if (deviation == 0) return std::numeric_limits<float>::infinity();
    const double margin = (next - kth) / deviation;
    return std::isnan(margin) ? 0 : float(margin);
  }

  int32_t results(uint32_t rescored, uint32_t k, uint32_t* slots, float* distances, uint32_t* count) {
    if (rescored > exact_.size()) return HNSW_BAD_ARGUMENT;
    rank(rescored);
    *count = std::min(k, rescored);
    std::partial_sort(ranked_.begin(), ranked_.begin() + *count, ranked_.end());
    for (uint32_t i = 0; i < *count; i++) {
      slots[i] = slot_of(ranked_[i]);
      distances[i] = distance_of(ranked_[i]);
    }
    return HNSW_OK;
  }

  int32_t distances(const Index& index, const float* query, const float* rows, uint32_t count, float* distances,
                    Array<float>& padded) {
    end();
    const uint32_t dimension = index.codes.dimension;
    if (!query_.prepare(index.codes, query) || !padded.resize(dimension + f32_padding)) return HNSW_OUT_OF_MEMORY;
    std::memset(padded.data(), 0, padded.size() * sizeof(float));
    for (uint32_t i = 0; i < count; i++) {
      std::memcpy(padded.data(), rows + size_t(i) * dimension, dimension * sizeof(float));
      distances[i] = query_.exact_distance_to(index.codes.space, padded.data());
    }
    return HNSW_OK;
  }

 private:
  void rank(uint32_t rescored) {
    ranked_.clear();
    for (uint32_t i = 0; i < rescored; i++) ranked_.push_reserved(candidate_of(exact_[i], slot_of(nearest_[i])));
  }
};

}  // namespace chromalite
