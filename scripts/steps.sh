# shellcheck shell=bash
# Sourced by the commands of this project.

# step SENTENCE COMMAND...: says what is done, does it, and shows its output only when it fails.
step() {
  local sentence=$1 output status=0
  shift
  echo "==> $sentence"
  output=$("$@" 2>&1) || status=$?
  if ((status != 0)); then
    printf '%s\n' "$output" "failed: $*" >&2
    exit "$status"
  fi
}

# build PRESET TARGET...: brings the targets up to date in build/PRESET.
build() {
  step "configuring build/$1" cmake --preset "$1"
  step "building ${*:2} in build/$1 (minutes the first time)" \
    cmake --build --preset "$1" --target "${@:2}"
}
