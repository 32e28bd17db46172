#!/bin/sh
# Training times of Twintail and PyTorch, side by side on one core: ci/bench/run.sh [REPETITIONS]
#
# Needs the built jar and Debian's python3-torch; installs nothing. The digits come into a store of
# the benchmark's own. By default PyTorch gets OpenBLAS, from Twintail's own libraries, in place of
# the system's libblas.so.3, which on a bare Debian is the slow reference implementation;
# TORCH_BLAS=system leaves it as it is. MODELS="Digits PreTrain" picks models.
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd -P)
bench=$top/target/bench
python=${PYTHON:-/usr/bin/python3}
if [ -n "${JAVA_HOME:-}" ]; then java=$JAVA_HOME/bin/java; else java=java; fi

missing() {
  printf 'ci/bench: Cannot measure: %s\n' "$1" >&2
  exit 1
}

"$java" -version 2>/dev/null || missing "no JDK 17: install one, or set JAVA_HOME"
[ -f "$top/target/twintail.jar" ] || missing "target/twintail.jar is not built: run mvn -DskipTests package"
"$python" -c 'import numpy, torch' 2>/dev/null ||
  missing "$python has no torch and numpy: install Debian's python3-torch, or set PYTHON"

mkdir -p "$bench"
rm -rf "$bench/tasks"
"$top/twintail" run "$top/pipelines/vieli2021.yaml" --rounds 1 --only FCBaseline \
  --store "$bench/store" >/dev/null

if [ "${TORCH_BLAS:-openblas}" = openblas ]; then
  blas="OpenBLAS 0.3.19 (native kernels)"
  "$python" - "$top/target/lib" "$bench/blas" <<'PYTHON'
import pathlib, sys, zipfile
lib, target = map(pathlib.Path, sys.argv[1:])
target.mkdir(exist_ok=True)
for jar in lib.glob("openblas-*-linux-*.jar"):
    with zipfile.ZipFile(jar) as files:
        for name in files.namelist():
            if name.endswith("/libopenblas.so.0"):
                (target / "libblas.so.3").write_bytes(files.read(name))
PYTHON
  [ -f "$bench/blas/libblas.so.3" ] || missing "target/lib holds no OpenBLAS for Linux; try TORCH_BLAS=system"
  LD_LIBRARY_PATH=$bench/blas${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
  export LD_LIBRARY_PATH
else
  blas="of the system"
fi

# Both sides on one core, or the JVM's compiler and collector would work beside ours for free.
if command -v taskset >/dev/null 2>&1; then pin="taskset -c ${CORE:-0}"; else pin=; fi

export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1
# shellcheck disable=SC2086
exec $pin "$python" "$top/ci/bench/compare.py" --repetitions "${1:-5}" --blas "$blas" \
  ${MODELS:+--models $MODELS} -- \
  "$java" -Xmx1g -XX:+UseSerialGC --add-opens java.base/java.nio=ALL-UNNAMED \
  -cp "$top/target/twintail.jar" "$top/ci/bench/TrainBench.java" \
  "$top/pipelines/vieli2021.yaml" "$bench/store" "$bench/tasks"
