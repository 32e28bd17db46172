#!/bin/sh
# Peak memory and time of a whole run on a fresh store: ci/bench/memory.sh [ROUNDS [OPTION...]]
#
# Options go to `twintail run`, such as --workers 2 or --data DIR; HEAP=512m sets another heap.
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd -P)
rounds=${1:-10}
[ $# -eq 0 ] || shift

missing() {
  printf 'ci/bench: Cannot measure: %s\n' "$1" >&2
  exit 1
}

[ -x /usr/bin/time ] || missing "no /usr/bin/time: install Debian's time"
[ -f "$top/target/twintail.jar" ] || missing "target/twintail.jar is not built: run mvn -DskipTests package"

store=$(mktemp -d)
trap 'rm -rf "$store"' EXIT INT TERM
TWINTAIL_JAVA_OPTS="${HEAP:+-Xmx$HEAP} ${TWINTAIL_JAVA_OPTS:-}" \
  /usr/bin/time -f '%M %e %U %S' -o "$store/time" \
  "$top/twintail" run "$top/pipelines/vieli2021.yaml" --rounds "$rounds" --store "$store/store" "$@" \
  >/dev/null
awk -v rounds="$rounds" -v heap="${HEAP:-1g}" '{
  printf "rounds %s, heap %s: peak RSS %.0f MiB, %.0f s wall, %.0f s of processor\n",
    rounds, heap, $1 / 1024, $2, $3 + $4 }' "$store/time"
