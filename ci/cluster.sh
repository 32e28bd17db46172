#!/usr/bin/env bash
# Holds the pipeline on a real Flink cluster to its bytes: an S3 server, a JobManager and two
# TaskManagers, each a process of its own on loopback, from the libraries that the launcher fetches.
# Runs an experiment on the direct runner, on an embedded Flink, on the cluster and from the job jar,
# compares every blob and manifest, and runs each again, which must execute nothing. Then kills
# TaskManagers and drivers at random instants in the middle of trainings, which must change nothing.
#
#   ci/cluster.sh [SPEC [OPTION of run ...]]         default: vieli2021 --rounds 2
#
# Needs Python 3 with venv (for the S3 server) and Maven. Settings:
#   CLUSTER_OUT     logs and stores, emptied first; default: target/cluster
#   CLUSTER_DATA    a folder with the four MNIST files, where no mirror can be reached
#   CLUSTER_PORT    the first of three ports; default: 17480
#   CLUSTER_KILLS   how many runs lose a TaskManager, and how many their driver; default: 1
#   CLUSTER_SEED    of the instants; default: the clock's, which is printed
#   CLUSTER_JAR     0 leaves out the job jar, whose build takes a while; default: 1
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd -P)
out=${CLUSTER_OUT:-$here/target/cluster}
[ $# -gt 0 ] || set -- vieli2021 --rounds 2
part=("$@")
port=${CLUSTER_PORT:-17480}
rest=$((port + 1))
rpc=$((port + 2))
kills=${CLUSTER_KILLS:-1}
seed=${CLUSTER_SEED:-$(date +%s)}
MOTO=5.2.5
RANDOM=$((seed % 32768))

# These are all that the servers know; whatever the caller has is not for them.
for variable in $(compgen -e | grep -E '^(AWS_|TWINTAIL_)'); do unset "$variable"; done
export AWS_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
export AWS_ENDPOINT_URL_S3=http://127.0.0.1:$port NO_PROXY=127.0.0.1 no_proxy=127.0.0.1
credentials=(AWS_ACCESS_KEY_ID=twintail-test AWS_SECRET_ACCESS_KEY=a-secret-of-tests-only)

declare -A pids=()
trap 'for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done' EXIT
rm -rf "$out"
mkdir -p "$out"

fail() {
  printf 'cluster: %s\n' "$1" >&2
  exit 1
}

data=()
[ -z "${CLUSTER_DATA:-}" ] || data=(--data "$CLUSTER_DATA")
on_cluster=(--runner flink -- "--flinkMaster=127.0.0.1:$rest" --parallelism=2)

# twintail NAME ARGUMENT...: runs the program with the credentials; its words go to NAME.log.
twintail() {
  local name=$1
  shift
  env "${credentials[@]}" "$here/twintail" "$@" >"$out/$name.log" 2>&1
}

executed() {
  grep -E '^[0-9]+ actions? executed, ' "$out/$1.log"
}

# run NAME STORE ARGUMENT...: runs the experiment twice; the second time nothing may be executed.
run() {
  local name=$1 store=$2
  shift 2
  local began=$SECONDS
  twintail "$name" run "${part[@]}" --store "$store" --create "${data[@]}" "$@" ||
    fail "the run on $name failed; see $out/$name.log"
  printf '%s: %s (%s s with the start of the program)\n' "$name" "$(executed "$name")" \
    "$((SECONDS - began))"
  again "$name" "$store" "$@"
}

again() {
  local name=$1 store=$2
  shift 2
  twintail "$name-again" run "${part[@]}" --store "$store" "${data[@]}" "$@" ||
    fail "the second run on $name failed; see $out/$name-again.log"
  executed "$name-again" | grep '^0 ' >/dev/null ||
    fail "the second run on $name executed something; see $out/$name-again.log"
}

sums() {
  (cd "$1" && find cas ac -type f -exec sha256sum {} + | sort -k 2)
}

# The same of a store in the bucket.
sums_of_bucket() {
  env "${credentials[@]}" "$out/venv/bin/python" - "$1" <<'END'
import hashlib, os, sys
import boto3
s3 = boto3.client("s3", region_name="us-east-1", endpoint_url=os.environ["AWS_ENDPOINT_URL_S3"])
prefix = sys.argv[1] + "/"
lines = []
for top in "cas/", "ac/":
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket="bucket", Prefix=prefix + top):
        for found in page.get("Contents", []):
            body = s3.get_object(Bucket="bucket", Key=found["Key"])["Body"].read()
            lines.append((found["Key"][len(prefix):], hashlib.sha256(body).hexdigest()))
for name, digest in sorted(lines):
    print(digest + "  " + name)
END
}

# same NAME: holds what a run has left in the bucket to what the direct runner has left.
same() {
  sums_of_bucket "$1" >"$out/$1.sums"
  LC_ALL=C diff <(LC_ALL=C sort "$out/direct.sums") <(LC_ALL=C sort "$out/$1.sums") >"$out/$1.diff" ||
    fail "$1 gave other files than direct; see $out/$1.diff"
}

await() {
  for _ in $(seq 240); do
    if "$@" >/dev/null 2>&1; then return; fi
    sleep 0.5
  done
  fail "nothing came up within two minutes: $*"
}

# start NAME ROLE [VARIABLE=VALUE ...]: starts a process of the cluster.
start() {
  local name=$1 role=$2
  shift 2
  env "$@" "$here/docker/flink.sh" "$role" -D jobmanager.rpc.address=127.0.0.1 \
    -D jobmanager.rpc.port=$rpc -D jobmanager.bind-host=127.0.0.1 -D rest.address=127.0.0.1 \
    -D rest.bind-address=127.0.0.1 -D rest.port=$rest -D taskmanager.host=127.0.0.1 \
    -D taskmanager.bind-host=127.0.0.1 >"$out/$name.log" 2>&1 &
  pids[$name]=$!
}

slots() {
  curl -sf --noproxy '*' "http://127.0.0.1:$rest/overview" | grep "\"slots-total\":$1," >/dev/null
}

stop() {
  kill -"$2" "${pids[$1]}"
  wait "${pids[$1]}" 2>/dev/null || true
  unset "pids[$1]"
}

printf 'seed: %s; processors: %s; load: %s\n' "$seed" "$(nproc)" "$(cut -d ' ' -f 1 /proc/loadavg)"
run direct "$out/direct"
sums "$out/direct" >"$out/direct.sums"
run embedded "$out/embedded" --runner flink
sums "$out/embedded" >"$out/embedded.sums"
diff "$out/direct.sums" "$out/embedded.sums" >"$out/embedded.diff" ||
  fail "embedded gave other files than direct; see $out/embedded.diff"

python3 -m venv "$out/venv"
"$out/venv/bin/pip" -q install "moto[server]==$MOTO"
"$out/venv/bin/moto_server" -H 127.0.0.1 -p "$port" >"$out/s3.log" 2>&1 &
pids[s3]=$!
start jobmanager jobmanager
await curl -sf --noproxy '*' -X PUT "http://127.0.0.1:$port/bucket"

# Workers without credentials say so, and the driver tells it.
start taskmanager-0 taskmanager FLINK_SLOTS=2
await slots 2
if twintail refused run "${part[@]}" --store s3://bucket/refused --create "${data[@]}" "${on_cluster[@]}"
then
  fail "a run succeeded whose workers have no credentials; see $out/refused.log"
fi
grep -q '^twintail: Cannot work on .*credentials' "$out/refused.log" ||
  fail "it is not told that workers have no credentials; see $out/refused.log"
printf 'workers without credentials: %s\n' "$(grep '^twintail: ' "$out/refused.log")"
stop taskmanager-0 9

workers=(taskmanager-1 taskmanager-2)
started=2
for worker in "${workers[@]}"; do start "$worker" taskmanager "${credentials[@]}"; done
await slots 2

before=$(wc -l <"$out/s3.log")
run cluster s3://bucket/cluster "${on_cluster[@]}"
printf 'requests to the store, both runs: %s\n' "$(($(wc -l <"$out/s3.log") - before))"
same cluster

if [ "${CLUSTER_JAR:-1}" != 0 ]; then
  jar=$here/target/twintail-flink.jar
  if [ ! -f "$jar" ] || [ -n "$(find "$here/pom.xml" "$here/src/main" -newer "$jar" -type f)" ]; then
    (cd "$here" && mvn -B -Pflink,job-jar -Dmaven.test.skip=true package) >"$out/jar-build.log" 2>&1 ||
      fail "the job jar cannot be built; see $out/jar-build.log"
  fi
  submit() {
    # The program looks for named experiments in pipelines/ of the folder it is started in.
    (cd "$here" && env "${credentials[@]}" FLINK_JAVA_OPTS=-Xmx1g docker/flink.sh run \
      -m "127.0.0.1:$rest" "$jar" run "${part[@]}" --store s3://bucket/jar "$@" "${data[@]}" \
      --runner flink -- '--flinkMaster=[auto]' --parallelism=2)
  }
  submit --create >"$out/jar.log" 2>&1 || fail "the job jar failed; see $out/jar.log"
  printf 'job jar: %s\n' "$(executed jar)"
  submit >"$out/jar-again.log" 2>&1 || fail "the job jar failed; see $out/jar-again.log"
  executed jar-again | grep '^0 ' >/dev/null || fail "the second run executed something; see $out/jar-again.log"
  same jar
fi

# What workers have begun since mark, by their logs.
declare -A marks=()
mark() {
  marks=()
  for log in "$out"/taskmanager-*.log; do marks[$log]=$(wc -l <"$log"); done
}
begun() {
  for log in "$out"/taskmanager-*.log; do
    tail -n "+$((${marks[$log]:-0} + 1))" "$log" | grep -oE "starts (pre)?train-[^ ]+" || true
  done
}
is_training() { begun | grep train-siamese >/dev/null; }

# begin NAME: starts a run and waits for some instant in the middle of its trainings.
begin() {
  mark
  # Not by the function, whose shell would be the one that is killed.
  env "${credentials[@]}" "$here/twintail" run "${part[@]}" --store "s3://bucket/$1" --create \
    "${data[@]}" "${on_cluster[@]}" >"$out/$1.log" 2>&1 &
  driver=$!
  until is_training; do
    kill -0 "$driver" 2>/dev/null || fail "the run $1 ended before a training began; see $out/$1.log"
    sleep 0.2
  done
  tenths=$((RANDOM % 100))
  sleep "$((tenths / 10)).$((tenths % 10))"
}

# ended NAME LOST: holds to its bytes what lost somebody, and to no more trainings begun again than
# were lost with it.
ended() {
  local again
  same "$1"
  again=$(($(begun | wc -l) - $(begun | sort -u | wc -l)))
  printf '%s: killed %s s after the first training began; %s trainings, %s begun again; same files\n' \
    "$1" "$((tenths / 10)).$((tenths % 10))" "$(begun | sort -u | wc -l)" "$again"
  [ "$again" -le "$2" ] || fail "$1 began more than $2 trainings again"
}

printf 'the same files on all four: %s s so far\n' "$SECONDS"
for death in $(seq "$kills"); do
  # A TaskManager, and another comes some seconds later.
  begin "lost-worker-$death"
  victim=$((RANDOM % 2))
  stop "${workers[$victim]}" 9
  sleep $((RANDOM % 5))
  started=$((started + 1))
  workers[victim]=taskmanager-$started
  start "taskmanager-$started" taskmanager "${credentials[@]}"
  wait "$driver" || fail "the run that lost a worker failed; see $out/lost-worker-$death.log"
  ended "lost-worker-$death" 1

  # A driver, and another run takes its place.
  begin "lost-driver-$death"
  kill -9 "$driver" || fail "the run was over before its driver could be killed"
  wait "$driver" 2>/dev/null || true
  run "lost-driver-$death" "s3://bucket/lost-driver-$death" "${on_cluster[@]}"
  ended "lost-driver-$death" 0
done
printf 'cas/ and ac/ are the same everywhere: %s files; %s s in all\n' \
  "$(wc -l <"$out/direct.sums")" "$SECONDS"
