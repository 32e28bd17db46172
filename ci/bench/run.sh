#!/bin/sh
# Training times of Twintail and PyTorch, side by side on one core: ci/bench/run.sh [OPTION...]
#
# ci/bench/run.sh --help names the options, ci/bench/README.md tells what is measured. Builds
# Twintail with Maven and installs PyTorch in a virtual environment, unless TWINTAIL_BENCH_PYTHON
# names a Python that has it. With --quick and --profile nothing is installed: without a
# PyTorch, our side runs alone.
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd -P)
bench=$top/target/bench
venv=$bench/venv
if [ -n "${JAVA_HOME:-}" ]; then java=$JAVA_HOME/bin/java; else java=java; fi
base=${PYTHON:-python3}

fail() {
  printf 'ci/bench: Cannot measure: %s\n' "$1" >&2
  exit 1
}

has_torch() {
  command -v "$1" >/dev/null 2>&1 && "$1" -c 'import numpy, torch' 2>/dev/null
}

command -v "$java" >/dev/null 2>&1 || fail "no JDK 17: install one, or set JAVA_HOME"
command -v mvn >/dev/null 2>&1 || fail "no Maven: install version 3.8.6 or newer"
"$base" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null ||
  fail "$base is no Python 3.10 or newer: install one, or set PYTHON"

alone=false
for option in "$@"; do
  case $option in
    --quick | --profile) alone=true ;;
    -h | --help) exec "$base" "$top/ci/bench/compare.py" --help ;;
  esac
done

python=${TWINTAIL_BENCH_PYTHON:-$venv/bin/python}
if ! has_torch "$python"; then
  [ -z "${TWINTAIL_BENCH_PYTHON:-}" ] || fail "$python has no torch and numpy"
  if $alone; then
    python=
  else
    printf 'ci/bench: Installing PyTorch in %s; some gigabytes, a few minutes ...\n' "$venv" >&2
    mkdir -p "$bench"
    "$base" -m venv "$venv" && "$venv/bin/pip" install --quiet numpy torch >&2 ||
      fail "PyTorch could not be installed; name a Python that has it in TWINTAIL_BENCH_PYTHON"
  fi
fi

mkdir -p "$bench"
(cd "$top" && mvn -B -q test-compile dependency:build-classpath \
  -Dmdep.outputFile="$bench/classpath" >&2) || fail "Twintail could not be built"

# As the script that starts Twintail.
scale=-XX:CompileCommand=CompileThresholdScaling
pages=-XX:-UseTransparentHugePages
if grep -q '\[madvise\]\|\[always\]' /sys/kernel/mm/transparent_hugepage/enabled 2>/dev/null; then
  pages=-XX:+UseTransparentHugePages
fi
printf '%s\n' -Xmx1g -XX:+UseSerialGC "$pages" -XX:CompileCommand=quiet "$scale,*.*,10.0" \
  "$scale,dev/twintail/model/*.*,1.0" -XX:Tier3InvocationThreshold=20 \
  -XX:Tier3MinInvocationThreshold=10 -XX:Tier3CompileThreshold=200 \
  -XX:Tier3BackEdgeThreshold=6000 --add-opens=java.base/java.nio=ALL-UNNAMED -cp \
  "\"$top/target/test-classes:$top/target/classes:$(cat "$bench/classpath")\"" >"$bench/java.args"

# Both sides on one core, or the JVM's compiler and collector would work beside ours for free.
core=${CORE-0}
if [ -n "$core" ] && command -v taskset >/dev/null 2>&1; then pin="taskset -c $core"; else pin=; fi

export PYTHONDONTWRITEBYTECODE=1
# shellcheck disable=SC2086
exec $pin "$base" "$top/ci/bench/compare.py" "$@" \
  --cache "$bench" --java "$java" ${python:+--python "$python"}
