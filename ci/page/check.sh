#!/usr/bin/env bash
# Opens reports in a real browser and fails unless they can be read by all. See README.md.
#
# Usage: ci/page/check.sh [PAGE...]
# Without pages it writes three from the store, where it makes what they are of.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd -P)
project=$(cd "$here/../.." && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

skip() { echo "Not tried: the page in a browser: $1"; exit 0; }

browser() {
  local name
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
    [ -z "$name" ] || ! command -v "$name" 2>/dev/null || return 0
  done
  return 1
}

if ! browser >/dev/null; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    skip "no chromium here; install it, or name one by CHROMIUM"
  fi
  { timeout 60 apt-get update && timeout 600 env DEBIAN_FRONTEND=noninteractive apt-get install -y \
    --no-install-recommends chromium fonts-dejavu-core; } >"$work/apt.log" 2>&1 ||
    skip "apt-get could not install chromium: $(tail -n 1 "$work/apt.log")"
  browser >/dev/null || skip "apt-get installed no chromium"
fi
cp "$here"/package.json "$here"/package-lock.json "$here"/look.mjs "$work"
(cd "$work" && npm ci --silent --no-audit --no-fund --ignore-scripts >npm.log 2>&1) ||
  skip "npm could not install playwright-core and axe-core: $(tail -n 1 "$work/npm.log")"

pages=("$@")
if [ $# = 0 ]; then
  export TWINTAIL_STORE=${TWINTAIL_STORE:-$work/store}
  quietly() { "$@" >"$work/twintail.log" 2>&1 || { cat "$work/twintail.log"; exit 1; }; }
  part=(pipelines/vieli2021.yaml --only Digits,PreTrain --rounds 1)
  tables=ci/readers/tables.yaml
  cd "$project"
  # With published numbers, with every kind of table, and with no published number at all.
  quietly ./twintail run "${part[@]}" --create
  quietly ./twintail verify "${part[@]}" --sample 2
  quietly ./twintail run "$tables" --create
  quietly ./twintail report "${part[@]}" -o "$work/part"
  quietly ./twintail report "$tables" -o "$work/tables"
  quietly ./twintail report "$tables" --only Sharing,Both -o "$work/own"
  pages=("$work"/{part,tables,own}/index.html "$work/tables/run.html")
fi
pictures=-
if [ -n "${PICTURES:-}" ]; then
  mkdir -p "$PICTURES"
  pictures=$(cd "$PICTURES" && pwd -P)
fi
node "$work/look.mjs" "$(browser)" "$pictures" "${pages[@]}"
