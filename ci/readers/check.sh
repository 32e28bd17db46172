#!/usr/bin/env bash
# Opens every table with the readers that people have, and fails unless all of them read what
# Twintail wrote: rows, columns, types and every value. See README.md.
#
# Usage: ci/readers/check.sh [FOLDER]
# Without a folder of Arrow files it makes one, with every kind of table in it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd -P)
project=$(cd "$here/../.." && pwd -P)
work=$(mktemp -d)
# What is installed in the background may still be writing.
trap 'wait; rm -rf "$work"' EXIT

# pip takes longest, so it starts first.
python=
if command -v python3 >/dev/null && python3 -m venv "$work/venv" >"$work/pip.log" 2>&1; then
  python=$work/venv/bin/python
  "$python" -m pip install --quiet --disable-pip-version-check --no-compile --no-deps \
    -r "$here/requirements.txt" >"$work/pip.log" 2>&1 &
  pip=$!
fi
cp "$here"/package.json "$here"/package-lock.json "$here"/*.mjs "$work"
(cd "$work" && npm ci --silent --no-audit --no-fund --ignore-scripts >npm.log 2>&1) &
npm=$!

folder=${1:-}
if [ -z "$folder" ]; then
  folder=$work/tables
  export TWINTAIL_STORE=${TWINTAIL_STORE:-$work/store}
  spec=$here/tables.yaml
  quietly() { "$@" >"$work/twintail.log" 2>&1 || { cat "$work/twintail.log"; exit 1; }; }
  quietly "$project/twintail" run "$spec" --create
  quietly "$project/twintail" get "$spec" '**.arrow' -o "$folder"
  quietly "$project/twintail" results "$spec" --predictions "$folder/predictions.arrow" \
    --actions "$folder/actions.arrow" --timings "$folder/timings.arrow"
  for table in comparisons correlations curves effects evaluations published records searches \
    summary sweeps variance; do
    [ -f "$folder/results/$table.arrow" ] ||
      { echo "Cannot check results/$table.arrow: $spec did not make it"; exit 1; }
  done
fi

"${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp "$project/target/twintail.jar:$project/target/lib/*" \
  "$here/Describe.java" "$folder" | LC_ALL=C sort >"$work/twintail.tsv"
files=$(cut -f 1 "$work/twintail.tsv" | uniq | wc -l)
columns=$(wc -l <"$work/twintail.tsv")
[ "$columns" -gt 0 ] || { echo "Cannot find an Arrow file in $folder"; exit 1; }

# docs/results.md has a section for each file of the results, and a row for each of its columns.
if [ -z "${1:-}" ]; then
  awk -F '|' '
    /^## / { file = $0 ~ /^## results\/[a-z]+\.arrow$/ ? substr($0, 4) : "" }
    /^\| [a-z]/ && file && $2 !~ /^ column / {
      n = split($2, names, ",")
      for (i = 1; i <= n; i++) { gsub(/ /, "", names[i]); print file "\t" names[i] }
    }' "$project/docs/results.md" | LC_ALL=C sort >"$work/documented"
  grep '^results/' "$work/twintail.tsv" | cut -f 1,3 | LC_ALL=C sort >"$work/written"
  diff "$work/documented" "$work/written" ||
    { echo "docs/results.md has other columns than the files (< docs, > files)"; exit 1; }
fi

agreed=()
skipped=()
read_with() { # NAME COMMAND...
  local name=$1
  shift
  if ! "$@" >"$work/unsorted.tsv"; then
    echo "$name cannot open the tables"
    exit 1
  fi
  LC_ALL=C sort "$work/unsorted.tsv" >"$work/other.tsv"
  if ! diff "$work/twintail.tsv" "$work/other.tsv" >"$work/differences"; then
    echo "$name reads other values than Twintail wrote (< Twintail, > $name):"
    head -n 20 "$work/differences"
    exit 1
  fi
  agreed+=("$name")
}

if wait "$npm"; then
  read_with apache-arrow node "$work/arrow.mjs" "$folder"
  if [ -n "$(find "$work/node_modules" -name '*.node' -print -quit)" ]; then
    read_with nodejs-polars node "$work/polars.mjs" "$folder"
  else
    skipped+=("nodejs-polars: no build for this machine")
  fi
else
  skipped+=("apache-arrow and nodejs-polars: npm could not install them: $(tail -n 1 "$work/npm.log")")
fi
if [ -n "$python" ] && wait "$pip"; then
  for reader in pyarrow polars pandas duckdb; do
    read_with "$reader" "$python" "$here/readers.py" "$reader" "$folder"
  done
else
  skipped+=("pyarrow, polars, pandas and duckdb: no python3 with venv, or pip could not install them: $(tail -n 1 "$work/pip.log" 2>/dev/null)")
fi
if command -v Rscript >/dev/null && command -v sha256sum >/dev/null &&
  Rscript -e 'quit(status = !requireNamespace("arrow", quietly = TRUE))' >/dev/null 2>&1; then
  read_with "R arrow" Rscript "$here/readers.R" "$folder" "$work"
else
  skipped+=("R arrow: not installed here")
fi

echo "Readers that agree with Twintail on $files files, $columns columns: ${agreed[*]:-none}"
for reason in "${skipped[@]}"; do echo "Not tried: $reason"; done
if [ "${#agreed[@]}" -lt 2 ]; then
  echo "Fewer than two readers could be had"
  exit 1
fi
