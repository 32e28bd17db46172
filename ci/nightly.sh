#!/bin/sh
# Runs experiments, holds them to their verdicts and locks, and gathers what people want to see.
# What a store already holds is not computed again; a second run on the same store executes nothing.
#
#   ci/nightly.sh [SPEC...]          default: vieli2021
#
# Settings, all from the environment:
#   TWINTAIL_STORE    the store: a folder, or s3://bucket/prefix; default: artifacts/
#   NIGHTLY_OUT       the folder for reports and tables, emptied first; default: target/nightly
#   NIGHTLY_SAMPLE    how many actions are done again and compared; 0 for none; default: 5
#   NIGHTLY_SEED      which actions these are; default: the day, so that every night takes others
#   NIGHTLY_OPINION   how many rounds of every model the second engine, Deeplearning4j, does as well; 0
#                     for none; default: 1
#   NIGHTLY_REPORT    0 leaves the page out; default: 1
#   NIGHTLY_WORKERS   how many actions run at once; default: one a processor
#   NIGHTLY_DATA      a folder with the four MNIST files, where no mirror can be reached
#
# Of each SPEC, NIGHTLY_OUT/SPEC has junit.xml, summary.md, verdict.json, results/*.arrow, report/
# and log.txt; NIGHTLY_OUT/summary.md has all summaries. The exit code is that of the worst step, as
# the program's: 0 if all is as expected, 4 if something came out otherwise.
set -u

here=$(cd "$(dirname "$0")/.." && pwd -P)
out=${NIGHTLY_OUT:-$here/target/nightly}
sample=${NIGHTLY_SAMPLE:-5}
seed=${NIGHTLY_SEED:-$(date -u +%Y%m%d)}
opinion=${NIGHTLY_OPINION:-1}
report=${NIGHTLY_REPORT:-1}
worst=0
began=$(date +%s)

[ $# -gt 0 ] || set -- vieli2021

fail() {
  printf 'nightly: %s\n' "$1" >&2
  exit 2
}

# How bad an exit code is. That results are others than expected is less bad than that nobody knows.
rank() {
  case $1 in
    0) echo 0 ;;
    4) echo 1 ;;
    10 | 9 | 7) echo 2 ;;
    5 | 6) echo 3 ;;
    8) echo 4 ;;
    2 | 3) echo 5 ;;
    130) echo 7 ;;
    *) echo 6 ;;
  esac
}

note_code() {
  if [ "$(rank "$1")" -gt "$(rank "$worst")" ]; then worst=$1; fi
}

# Runs one command of the program; its messages go to the screen and to the experiment's log.
step() {
  printf '> twintail %s\n' "$*" | tee -a "$folder/log.txt"
  # A pipe would hide the exit code, and POSIX has no other way to see both.
  { "$here/twintail" "$@" 2>&1; echo $? >"$folder/.code"; } | tee -a "$folder/log.txt"
  code=$(cat "$folder/.code")
  rm -f "$folder/.code"
  note_code "$code"
  return "$code"
}

# Tells the file of an experiment: a path, or the name of one in pipelines/, spelt as its file.
spec_file() {
  if [ -f "$1" ]; then echo "$1"; else echo "$here/pipelines/$1.yaml"; fi
}

nightly() {
  spec=$1
  file=$(spec_file "$spec")
  [ -f "$file" ] || fail "Cannot find the experiment $spec: no such file, and no $file"
  name=$(basename "$file" .yaml)
  folder=$out/$name
  mkdir -p "$folder" || fail "Cannot make the folder $folder"

  set -- run "$file" --create --keep-going
  if [ -n "${NIGHTLY_WORKERS:-}" ]; then set -- "$@" --workers "$NIGHTLY_WORKERS"; fi
  if [ -n "${NIGHTLY_DATA:-}" ]; then set -- "$@" --data "$NIGHTLY_DATA"; fi
  locked=
  if [ -f "${file%.yaml}.lock" ]; then locked=--locked; fi
  step "$@" $locked
  case $? in
    0 | 4) ;;
    *) return ;;
  esac
  # Summary, results and page tell what it says, from the store.
  if [ "$opinion" -gt 0 ]; then step "$@" --engine dl4j --rounds "$opinion"; fi

  step check "$file" --junit "$folder/junit.xml" --summary "$folder/summary.md" \
    --verdict "$folder/verdict.json"
  if [ "$sample" -gt 0 ]; then step verify "$file" --sample "$sample" --seed "$seed"; fi
  step get "$file" results -o "$folder"
  if [ "$report" != 0 ]; then step report "$file" -o "$folder/report"; fi
}

case $sample in
  '' | *[!0-9]*) fail "Cannot verify '$sample' actions: NIGHTLY_SAMPLE needs a number, 0 for none" ;;
esac
case $opinion in
  '' | *[!0-9]*)
    fail "Cannot have '$opinion' rounds by the second engine: NIGHTLY_OPINION needs a number, 0 for none"
    ;;
esac
# Only what an earlier night left there, never a folder with something else in it.
if [ -d "$out" ]; then
  [ -f "$out/.nightly" ] || [ -z "$(ls -A "$out")" ] ||
    fail "Cannot empty $out: it is not of an earlier night; set NIGHTLY_OUT to another folder"
  rm -rf "$out"
fi
{ mkdir -p "$out" && : >"$out/.nightly"; } || fail "Cannot make the folder $out"
out=$(cd "$out" && pwd -P)

for one in "$@"; do
  nightly "$one"
  if [ -f "$folder/summary.md" ]; then
    cat "$folder/summary.md" >>"$out/summary.md"
  else
    printf '## %s: exit code %s\n\nThere are no results; the log tells why.\n' "$name" "$code" \
      >>"$out/summary.md"
  fi
  printf '\n' >>"$out/summary.md"
done

if [ "$worst" -eq 0 ]; then verdict='as expected'; else verdict="exit code $worst"; fi
printf 'nightly: %s: %s, %s s, %s\n' "$*" "$verdict" "$(($(date +%s) - began))" "$out"
exit "$worst"
