// What Highway's headers need of its library. That is not linked: when it is loaded, it measures
// the resolution of a clock, 3 ms in each process that is executed, more than all else at the
// start.

#include <atomic>
#include <cstdint>

#include <hwy/targets.h>

namespace hwy {

namespace {

/// 0: those of the machine.
std::atomic<std::int64_t>& targets_for_test() {
  static std::atomic<std::int64_t> targets{0};
  return targets;
}

std::int64_t targets_of_machine() {
  std::int64_t targets = HWY_STATIC_TARGET;
#if HWY_ARCH_X86
  // What the compiler may use in functions for this target (hwy/ops/set_macros-inl.h); each machine
  // with BMI2 has F16C, which Clang does not know here.
  const bool has_avx2 = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi") != 0 &&
                        __builtin_cpu_supports("bmi2") != 0 && __builtin_cpu_supports("fma") != 0 &&
                        __builtin_cpu_supports("aes") != 0 && __builtin_cpu_supports("pclmul") != 0;
  targets |= has_avx2 ? HWY_AVX2 : 0;
#endif
  return targets;
}

}  // namespace

std::int64_t SupportedTargets() {
  static const std::int64_t of_machine = targets_of_machine();
  const std::int64_t for_test = targets_for_test().load(std::memory_order_relaxed);
  return for_test != 0 ? for_test : of_machine;
}

void SetSupportedTargetsForTest(std::int64_t targets) {
  targets_for_test().store(targets, std::memory_order_relaxed);
}

ChosenTarget& GetChosenTarget() {
  static ChosenTarget chosen;
  return chosen;
}

}  // namespace hwy
