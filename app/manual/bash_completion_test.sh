# bash_completion_test.sh FILE: completes command lines by it.
set -u
source "$1" || exit 1

complete_line() {
  COMP_WORDS=("$@")
  COMP_CWORD=$(($# - 1))
  _bulkhead
  echo "${COMPREPLY[*]}"
}

expect() {
  local expected=$1 got
  shift
  got=$(complete_line "$@")
  if [[ $got != "$expected" ]]; then
    echo "'$*' is completed to '$got', not to '$expected'"
    exit 1
  fi
}

expect "thumbnails" bulkhead th
expect "--format" bulkhead thumbnails --form
expect "png" bulkhead thumbnails --format p
expect "fill" bulkhead thumbnails --fit f
expect "--skip-existing" bulkhead thumbnails -u --sk
