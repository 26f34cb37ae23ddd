// Memory of an index: growing arrays, rows of one size, and the tape that graph nodes are cut from.
// Everything comes from malloc and reports a lack of it by its return value; nothing throws or aborts.
// Blocks start small, double, and stay at 1 MiB: a tiny index costs little, a large one never moves its rows
// and has little to spare, and a block that one index frees serves the next.

#pragma once
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <type_traits>

namespace chromalite {

constexpr uint32_t block_bytes_min = 4096 - 16; // malloc's own words keep it within a page
constexpr uint32_t block_bytes_max = (1u << 20) - 16;

/// An array of plain values that grows geometrically.
template <typename value_at> class Array {
  static_assert(std::is_trivially_copyable<value_at>::value, "Array moves its values by memcpy");
  value_at* values_ = nullptr;
  uint32_t size_ = 0;
  uint32_t capacity_ = 0;

 public:
  Array() = default;
  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;
  ~Array() { std::free(values_); }

  value_at* data() { return values_; }
  const value_at* data() const { return values_; }
  uint32_t size() const { return size_; }
  uint32_t bytes() const { return capacity_ * uint32_t(sizeof(value_at)); }
  value_at& operator[](uint32_t i) { return values_[i]; }
  const value_at& operator[](uint32_t i) const { return values_[i]; }
  value_at* begin() { return values_; }
  value_at* end() { return values_ + size_; }
  const value_at* begin() const { return values_; }
  const value_at* end() const { return values_ + size_; }

  [[nodiscard]] bool reserve(uint32_t capacity) {
    if (capacity <= capacity_) return true;
    const uint64_t wanted = std::max<uint64_t>({capacity, uint64_t(capacity_) * 3 / 2, 16});
    const uint64_t bytes = wanted * sizeof(value_at);
    if (bytes > UINT32_MAX / 2) return false;
    void* grown = std::realloc(static_cast<void*>(values_), size_t(bytes));
    if (!grown) return false;
    values_ = static_cast<value_at*>(grown);
    capacity_ = uint32_t(wanted);
    return true;
  }
  /// New values are zero.
  [[nodiscard]] bool resize(uint32_t size) {
    if (!reserve(size)) return false;
    if (size > size_) std::memset(static_cast<void*>(values_ + size_), 0, (size - size_) * sizeof(value_at));
    size_ = size;
    return true;
  }
  [[nodiscard]] bool push(value_at value) {
    if (!reserve(size_ + 1)) return false;
    values_[size_++] = value;
    return true;
  }
  void push_reserved(value_at value) { values_[size_++] = value; }
  void pop() { size_--; }
  void shrink(uint32_t size) { size_ = std::min(size, size_); }
  void clear() { size_ = 0; }
  void release() {
    std::free(values_);
    values_ = nullptr;
    size_ = capacity_ = 0;
  }
  void swap(Array& other) {
    std::swap(values_, other.values_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }
};

/// Rows of `stride` bytes, addressed by number. The first block grows by doubling (and may move) until it has
/// its full size; the later ones are allocated whole.
class Rows {
  Array<char*> blocks_;
  uint32_t stride_ = 0;
  uint32_t shift_ = 0;
  uint32_t capacity_ = 0;

  uint32_t rows_per_block() const { return 1u << shift_; }

 public:
  Rows() = default;
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  ~Rows() { release(); }

  void open(uint32_t stride) {
    stride_ = stride;
    shift_ = 0;
    while ((2ull << shift_) * stride <= block_bytes_max) shift_++;
  }
  char* operator[](uint32_t row) const {
    return blocks_[row >> shift_] + (row & (rows_per_block() - 1)) * stride_;
  }
  uint32_t stride() const { return stride_; }
  uint32_t capacity() const { return capacity_; }
  uint64_t bytes() const { return uint64_t(capacity_) * stride_ + blocks_.bytes(); }
  /// How many rows from `row` on lie one after another.
  uint32_t run(uint32_t row) const { return rows_per_block() - (row & (rows_per_block() - 1)); }

  [[nodiscard]] bool reserve(uint32_t rows) {
    while (capacity_ < rows) {
      if (capacity_ < rows_per_block()) {
        const uint32_t smallest = std::max(1u, block_bytes_min / stride_);
        const uint32_t needed = std::min(rows, rows_per_block());
        const uint32_t grown = std::min(rows_per_block(), std::max({smallest, capacity_ * 2, needed}));
        if (blocks_.size() == 0 && !blocks_.push(nullptr)) return false;
        void* block = std::realloc(blocks_[0], size_t(grown) * stride_);
        if (!block) return false;
        blocks_[0] = static_cast<char*>(block);
        capacity_ = grown;
      } else {
        if (!blocks_.reserve(blocks_.size() + 1)) return false;
        void* block = std::malloc(size_t(rows_per_block()) * stride_);
        if (!block) return false;
        blocks_.push_reserved(static_cast<char*>(block));
        capacity_ += rows_per_block();
      }
    }
    return true;
  }
  void release() {
    for (char* block : blocks_) std::free(block);
    blocks_.release();
    capacity_ = 0;
  }
  void swap(Rows& other) {
    blocks_.swap(other.blocks_);
    std::swap(stride_, other.stride_);
    std::swap(shift_, other.shift_);
    std::swap(capacity_, other.capacity_);
  }
};

/// Memory that is cut off piece by piece and freed as a whole: usearch's nodes, each of its own size.
class Tape {
 public:
  struct Block {
    char* address;
    uint32_t capacity;
    uint32_t used;
  };

 private:
  Array<Block> blocks_;
  uint32_t current_ = 0;
  uint64_t bytes_ = 0;

 public:
  Tape() = default;
  Tape(const Tape&) = delete;
  Tape& operator=(const Tape&) = delete;
  ~Tape() { release(); }

  const Array<Block>& blocks() const { return blocks_; }
  uint64_t bytes() const { return bytes_ + blocks_.bytes(); }

  /// Null: out of memory.
  char* cut(uint32_t bytes) {
    while (current_ < blocks_.size() && blocks_[current_].capacity - blocks_[current_].used < bytes) current_++;
    if (current_ == blocks_.size()) {
      const uint64_t doubled = std::clamp<uint64_t>(bytes_, block_bytes_min, block_bytes_max);
      if (!append(std::max(uint32_t(doubled), bytes), 0)) return nullptr;
    }
    Block& block = blocks_[current_];
    char* piece = block.address + block.used;
    block.used += bytes;
    return piece;
  }
  /// Adds a block, of which `used` bytes count as cut off already.
  [[nodiscard]] bool append(uint32_t capacity, uint32_t used) {
    if (!blocks_.reserve(blocks_.size() + 1)) return false;
    char* address = static_cast<char*>(std::malloc(capacity));
    if (!address) return false;
    blocks_.push_reserved({address, capacity, used});
    bytes_ += capacity;
    return true;
  }
  /// Makes `cut` hand out the same pieces again, in the same order, with what is in them.
  void rewind() {
    for (Block& block : blocks_) block.used = 0;
    current_ = 0;
  }
  void release() {
    for (Block& block : blocks_) std::free(block.address);
    blocks_.release();
    current_ = 0;
    bytes_ = 0;
  }
};

}  // namespace chromalite
