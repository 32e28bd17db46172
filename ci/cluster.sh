#!/usr/bin/env bash
# Holds the pipeline on a real Flink cluster to its bytes: an S3 server, a JobManager and two
# TaskManagers, each a process of its own on loopback, from the libraries that the launcher fetches.
# Runs an experiment on the direct runner, on an embedded Flink and on the cluster, compares every blob
# and manifest, and runs each again, which must execute nothing.
#
#   ci/cluster.sh [SPEC]             default: pipelines/smoke.yaml
#
# Needs Python 3 with venv (for the S3 server) and Maven. Settings:
#   CLUSTER_OUT     logs and stores, emptied first; default: target/cluster
#   CLUSTER_DATA    a folder with the four MNIST files, where no mirror can be reached
#   CLUSTER_PORT    the first of three ports; default: 17480
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd -P)
out=${CLUSTER_OUT:-$here/target/cluster}
spec=${1:-$here/pipelines/smoke.yaml}
port=${CLUSTER_PORT:-17480}
rest=$((port + 1))
rpc=$((port + 2))
MOTO=5.2.5

# These are all that the servers know; whatever the caller has is not for them.
for variable in $(compgen -e | grep -E '^(AWS_|TWINTAIL_)'); do unset "$variable"; done
export AWS_ACCESS_KEY_ID=twintail-test AWS_SECRET_ACCESS_KEY=a-secret-of-tests-only
export AWS_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
export AWS_ENDPOINT_URL_S3=http://127.0.0.1:$port NO_PROXY=127.0.0.1 no_proxy=127.0.0.1

pids=()
trap '[ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true' EXIT
rm -rf "$out"
mkdir -p "$out/conf"

fail() {
  printf 'cluster: %s\n' "$1" >&2
  exit 1
}

# run NAME STORE ARGUMENT...: runs the experiment twice; the second time nothing may be executed.
run() {
  local name=$1 store=$2 data=()
  shift 2
  [ -z "${CLUSTER_DATA:-}" ] || data=(--data "$CLUSTER_DATA")
  local began=$SECONDS
  "$here/twintail" run "$spec" --store "$store" --create "${data[@]}" "$@" >"$out/$name.log" 2>&1 ||
    fail "the run on $name failed; see $out/$name.log"
  printf '%s: %s (%s s with the start of the program)\n' "$name" \
    "$(grep ' executed, ' "$out/$name.log")" "$((SECONDS - began))"
  "$here/twintail" run "$spec" --store "$store" "${data[@]}" "$@" >"$out/$name-again.log" 2>&1 ||
    fail "the second run on $name failed; see $out/$name-again.log"
  grep -q '^0 actions executed' "$out/$name-again.log" ||
    fail "the second run on $name executed something; see $out/$name-again.log"
}

sums() {
  (cd "$1" && find cas ac -type f -exec sha256sum {} + | sort -k 2)
}

await() {
  for _ in $(seq 120); do
    if "$@" >/dev/null 2>&1; then return; fi
    sleep 0.5
  done
  fail "nothing came up within a minute: $*"
}

run direct "$out/direct"
run embedded "$out/embedded" --runner flink

python3 -m venv "$out/venv"
"$out/venv/bin/pip" -q install "moto[server]==$MOTO"
"$out/venv/bin/moto_server" -H 127.0.0.1 -p "$port" >"$out/s3.log" 2>&1 &
pids+=($!)

cat >"$out/conf/flink-conf.yaml" <<END
jobmanager.rpc.address: 127.0.0.1
jobmanager.rpc.port: $rpc
jobmanager.bind-host: 127.0.0.1
rest.address: 127.0.0.1
rest.bind-address: 127.0.0.1
rest.port: $rest
taskmanager.host: 127.0.0.1
taskmanager.bind-host: 127.0.0.1
taskmanager.numberOfTaskSlots: 1
taskmanager.cpu.cores: 1
taskmanager.memory.framework.heap.size: 64m
taskmanager.memory.framework.off-heap.size: 64m
taskmanager.memory.task.heap.size: 512m
taskmanager.memory.task.off-heap.size: 512m
taskmanager.memory.network.min: 128m
taskmanager.memory.network.max: 128m
taskmanager.memory.managed.size: 64m
taskmanager.memory.jvm-metaspace.size: 256m
taskmanager.memory.jvm-overhead.min: 64m
taskmanager.memory.jvm-overhead.max: 64m
taskmanager.network.sort-shuffle.min-buffers: 64
END

# What a distribution of Flink has in its lib/; the program comes with the job.
libraries=$(find "$here/target/flink" "$here/target/lib" -name '*.jar' | grep -E \
  '/(flink-|slf4j|kryo|chill|objenesis|minlog|javassist|async-profiler|snappy|lz4|commons-(lang3|cli|text|collections|io|math3|compress|codec)-)' |
  paste -s -d : -)
# The options of Flink's own scripts on Java 17.
opens=()
for package in lang net io nio lang.reflect text time util util.concurrent \
  util.concurrent.atomic util.concurrent.locks; do
  opens+=("--add-opens=java.base/java.$package=ALL-UNNAMED")
done
start() {
  local name=$1
  shift
  java "${opens[@]}" -cp "$libraries" "$@" --configDir "$out/conf" >"$out/$name.log" 2>&1 &
  pids+=($!)
}
start jobmanager -Xmx512m \
  org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint
for number in 1 2; do
  start "taskmanager-$number" -Xmx700m -XX:MaxDirectMemorySize=800m \
    org.apache.flink.runtime.taskexecutor.TaskManagerRunner
done
ready() { curl -sf --noproxy '*' "http://127.0.0.1:$rest/overview" | grep -q '"slots-total":2'; }
await ready
await curl -sf --noproxy '*' -X PUT "http://127.0.0.1:$port/bucket"

run cluster s3://bucket/store --runner flink -- "--flinkMaster=127.0.0.1:$rest" --parallelism=2
"$here/twintail" pull s3://bucket/store --store "$out/cluster" >"$out/pull.log" 2>&1

sums "$out/direct" >"$out/direct.sums"
for name in embedded cluster; do
  sums "$out/$name" >"$out/$name.sums"
  diff "$out/direct.sums" "$out/$name.sums" || fail "$name gave other files than direct"
done
printf 'cas/ and ac/ are the same: %s files\n' "$(wc -l <"$out/direct.sums")"
