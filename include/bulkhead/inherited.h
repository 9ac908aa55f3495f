#pragma once

#include <cassert>
#include <concepts>
#include <cstdint>
#include <memory>
#include <typeinfo>
#include <utility>

#include <bulkhead/codec.h>
#include <bulkhead/detail/inherited_value.h>

namespace bulkhead {

/// A value that workers have because they are forked from the program, copy-on-write: a handle,
/// whose copies are cheap and share it. Nothing of the value is encoded or sent, so that it may be
/// of any type, also one that cannot cross; as an argument, or bound by partial(), it costs eight
/// bytes.
///
///   const bulkhead::Inherited index(build_index());          // before the pool
///   bulkhead::ProcessPoolExecutor executor;
///   executor.map(bulkhead::partial(look_up, index), keys);   // look_up(const Inherited<Index>&,
///   Key)
///
/// It must be made before the pool, with StartMethod::Fork. Else the tasks that get it fail with
/// SerializationError, which says so. Nobody can change it: all see it as it was made. What its
/// const members do to it all the same happens in one process alone; a lock in it is as good as
/// unlocked and a thread of it is not there, as in any fork.
///
/// Any number of threads may use one handle. It can come back as a result, and be passed on by a
/// worker to a pool of its own.
template <class T>
class Inherited {
 public:
  /// An empty handle, to be assigned to.
  Inherited() = default;

  explicit Inherited(T value)
      : value_(std::make_shared<const T>(std::move(value))),
        id_(detail::add_inherited(value_, typeid(T))) {}

  const T& operator*() const noexcept {
    assert(value_);
    return *value_;
  }
  const T* operator->() const noexcept { return value_.get(); }

  explicit operator bool() const noexcept { return value_ != nullptr; }

  template <class Archive>
  void serialize(Archive& archive) {
    archive(id_);
    if constexpr (!std::same_as<Archive, Encoder>) {
      value_ = id_ == 0 ? nullptr
                        : std::static_pointer_cast<const T>(detail::find_inherited(id_, typeid(T)));
    }
  }

 private:
  std::shared_ptr<const T> value_;
  std::uint64_t id_ = 0;  ///< the same in every process that has the value; 0: none
};

}  // namespace bulkhead
