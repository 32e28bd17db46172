#!/usr/bin/env bash
# Holds Twintail to S3 servers that nobody here wrote. Builds or installs each below a cache folder,
# starts it on loopback, and on it: the contract of a store (S3NamedContractTest), a smoke run from
# scratch whose objects must be those of a folder, four runs of one experiment at once, a collection,
# and a check of every byte. Prints a table in Markdown; docs/stores.md has the last one. A server
# that cannot be had or started is a line of the table, which says why, and not the end.
#
#   ci/servers.sh [versitygw|seaweedfs|minio|rclone|moto]...      default: all
#
# Needs Go 1.26, Python 3 with venv, Maven, and once some forty minutes of processor time to build;
# what is built is kept. Settings:
#   SERVERS_CACHE   where servers are built and kept; default: ~/.cache/twintail-servers
#   SERVERS_OUT     logs, emptied first; default: target/servers
#   SERVERS_DATA    a folder with the four MNIST files, where no mirror can be reached
#   SERVERS_BUILT   set where the tests are compiled already
#   SERVERS_LIMIT   seconds that one step may take before it counts as failed; default: 1800
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd -P)
cache=${SERVERS_CACHE:-$HOME/.cache/twintail-servers}
out=${SERVERS_OUT:-$here/target/servers}
spec=$here/pipelines/smoke.yaml
port=${SERVERS_PORT:-7480}
limit=${SERVERS_LIMIT:-1800}

VERSITYGW=v1.8.0
# Its releases are no Go versions, so a commit stands for one; 4.53 is older than it.
SEAWEEDFS=v0.0.0-20261109003541-7506e5f91cd6
# Its last release, RELEASE.2025-09-07T16-13-09Z.
MINIO=v0.0.0-20250907161309-07c3a429bfed
RCLONE=v1.76.0
MOTO=5.2.5

# These are all that the servers know; whatever the caller has is not for them.
for variable in $(compgen -e | grep -E '^(AWS_|TWINTAIL_)'); do unset "$variable"; done
export AWS_ACCESS_KEY_ID=twintail-test AWS_SECRET_ACCESS_KEY=a-secret-of-tests-only
export AWS_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
export NO_PROXY=127.0.0.1 no_proxy=127.0.0.1

pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true' EXIT
rm -rf "$out"
mkdir -p "$out" "$cache/bin"

python() {
  "$cache/venv/bin/python" "$@"
}

# build NAME VERSION PACKAGE [MODULE]: as `go install`, which refuses modules that replace others.
build() {
  local binary=$cache/bin/$1-$2 module=${4:-$3}
  [ ! -x "$binary" ] || return 0
  echo "Building $1 $2 ..." >&2
  local source
  source=$(go mod download -json "$module@$2" 2>"$out/$1-build.log" | sed -n 's/^\t"Dir": "\(.*\)",*$/\1/p')
  [ -d "$source" ] || return 1
  rm -rf "$cache/source"
  cp -r "$source" "$cache/source" && chmod -R u+w "$cache/source" &&
    (cd "$cache/source" && CGO_ENABLED=0 nice go build -buildvcs=false -o "$binary.part" "./${3#"$module"}") \
      >>"$out/$1-build.log" 2>&1 &&
    mv "$binary.part" "$binary"
  local status=$?
  rm -rf "$cache/source"
  return $status
}

# obtain NAME: builds or installs a server, unless it is there.
obtain() {
  case $1 in
    versitygw) build versitygw $VERSITYGW github.com/versity/versitygw/cmd/versitygw github.com/versity/versitygw ;;
    seaweedfs) build weed $SEAWEEDFS github.com/seaweedfs/seaweedfs/weed github.com/seaweedfs/seaweedfs ;;
    minio) build minio $MINIO github.com/minio/minio ;;
    rclone) build rclone $RCLONE github.com/rclone/rclone ;;
    moto) ;; # Its client makes the buckets of all, so it is there.
  esac
}

version_of() {
  case $1 in
    versitygw) echo "${VERSITYGW#v}" ;;
    seaweedfs) "$cache/bin/weed-$SEAWEEDFS" version | sed 's/^version [^ ]* \([0-9.]*\).*/\1/' ;;
    minio) echo RELEASE.2025-09-07T16-13-09Z ;;
    rclone) echo "${RCLONE#v}" ;;
    moto) echo "$MOTO" ;;
  esac
}

# start NAME DATA: runs the server in the background.
start() {
  mkdir -p "$2"
  case $1 in
    versitygw)
      mkdir -p "$out/meta" # Not a name that begins as the folder's does, which it takes for a part of it.
      ROOT_ACCESS_KEY=$AWS_ACCESS_KEY_ID ROOT_SECRET_KEY=$AWS_SECRET_ACCESS_KEY \
        "$cache/bin/versitygw-$VERSITYGW" --port "127.0.0.1:$port" posix --sidecar "$out/meta" "$2" \
        >"$out/versitygw-server.log" 2>&1 &
      ;;
    seaweedfs)
      printf '{"identities":[{"name":"t","credentials":[{"accessKey":"%s","secretKey":"%s"}],"actions":["Admin","Read","Write","List","Tagging"]}]}' \
        "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" >"$2.json"
      "$cache/bin/weed-$SEAWEEDFS" server -ip=127.0.0.1 -dir="$2" -s3 -s3.port="$port" \
        -s3.config="$2.json" -master.port=$((port + 1)) -volume.port=$((port + 2)) \
        -filer.port=$((port + 3)) -master.volumeSizeLimitMB=100 -volume.max=20 \
        >"$out/seaweedfs-server.log" 2>&1 &
      ;;
    minio)
      MINIO_ROOT_USER=$AWS_ACCESS_KEY_ID MINIO_ROOT_PASSWORD=$AWS_SECRET_ACCESS_KEY MINIO_BROWSER=off \
        "$cache/bin/minio-$MINIO" server --quiet --address "127.0.0.1:$port" "$2" \
        >"$out/minio-server.log" 2>&1 &
      ;;
    rclone)
      "$cache/bin/rclone-$RCLONE" --config /dev/null serve s3 --addr "127.0.0.1:$port" \
        --auth-key "$AWS_ACCESS_KEY_ID,$AWS_SECRET_ACCESS_KEY" "$2" \
        >"$out/rclone-server.log" 2>&1 &
      ;;
    moto)
      "$cache/venv/bin/moto_server" -H 127.0.0.1 -p "$port" >"$out/moto-server.log" 2>&1 &
      ;;
  esac
  pid=$!
}

# Makes the bucket as soon as the server answers, which may take minutes on a busy machine.
make_bucket() {
  python - "$AWS_ENDPOINT_URL_S3" "$pid" <<'PYTHON'
import os, sys, time
import boto3
from botocore.config import Config
s3 = boto3.client("s3", endpoint_url=sys.argv[1], config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}))
for _ in range(240):
    try:
        os.kill(int(sys.argv[2]), 0)
    except OSError:
        sys.exit("the server ended")
    try:
        s3.create_bucket(Bucket="certified")
        break
    except Exception as e:
        error = e
        time.sleep(1)
else:
    sys.exit(f"no bucket can be made: {error}")
PYTHON
}

# step FILE COMMAND...: ok, or what went wrong; a failure is a cell of the table and not the end.
step() {
  local log=$out/$1
  shift
  if "$@" >"$log" 2>&1; then echo ok; else echo "FAILED"; fi
}

contract() {
  local log=$out/$1-contract.log
  (cd "$here" && TWINTAIL_S3_TEST_STORE=s3://certified/contract \
    timeout "$limit" mvn -B surefire:test -Dtest=S3NamedContractTest) >"$log" 2>&1 || true
  sed 's/\x1b\[[0-9;]*m//g' "$log" |
    sed -n 's/.*Tests run: \([0-9]*\), Failures: \([0-9]*\), Errors: \([0-9]*\), Skipped: \([0-9]*\).*/\1 \2 \3 \4/p' |
    tail -n 1 | awk '{ print $1 - $2 - $3 - $4 " of " $1 } END { if (NR == 0) print "FAILED" }'
}

twintail() {
  timeout --foreground "$limit" "$here/twintail" "$@"
}

# Runs from scratch, brings the objects here, and compares them with those of a folder.
smoke() {
  twintail run "$spec" --data "$data" --create --store s3://certified/smoke &&
    twintail pull s3://certified/smoke --create --store "$out/$1-pulled" &&
    diff -r "$out/folder/cas" "$out/$1-pulled/cas" &&
    diff <(ls "$out/folder/ac") <(ls "$out/$1-pulled/ac")
}

four_writers() {
  local writers=() failed=0
  for i in 1 2 3 4; do
    twintail run "$spec" --workers 1 --data "$data" --create --store s3://certified/four &
    writers+=($!)
  done
  for writer in "${writers[@]}"; do wait "$writer" || failed=$?; done
  [ "$failed" = 0 ] && twintail fsck --store s3://certified/four
}

collect() {
  twintail gc --delete --store s3://certified/four &&
    twintail fsck --store s3://certified/four
}

# What is known of a server, and what the program said of it.
remarks() {
  local known=
  case $1 in
    minio) known='its last release: the project has stopped' ;;
    moto) known='a stand-in for tests, keeps all in memory' ;;
    seaweedfs) known="built from ${SEAWEEDFS##*-}" ;;
  esac
  if grep -qs 'does not honour conditional writes' "$out/$1"-*.log; then
    known=${known:+$known; }'does not honour conditional writes'
  fi
  echo "$known"
}

row() { # NAME CONTRACT RUN FOUR GC REMARKS
  printf '| %s | %s | %s | %s | %s | %s | %s | %s |\n' "$1" "$(version_of "$1" 2>/dev/null)" \
    "$(date -u +%F)" "$2" "$3" "$4" "$5" "$6" | tee -a "$out/table.md"
}

certify() {
  obtain "$1" || {
    row "$1" FAILED - - - "not built: $(tail -n 1 "$out/$1"-build.log 2>/dev/null | tr '|' '/' | cut -c 1-120)"
    return
  }
  start "$1" "$out/data-$1"
  local why
  if why=$(make_bucket 2>&1); then
    row "$1" "$(contract "$1")" "$(step "$1-smoke.log" smoke "$1")" "$(step "$1-four.log" four_writers)" \
      "$(step "$1-gc.log" collect)" "$(remarks "$1")"
  else
    row "$1" FAILED - - - "not started: $(tail -n 1 <<<"$why" | tr '|' '/' | cut -c 1-120)"
  fi
  kill "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  pid=
}

[ $# -gt 0 ] || set -- versitygw seaweedfs minio rclone moto
for server in "$@"; do
  case $server in
    versitygw | seaweedfs | minio | rclone | moto) ;;
    *)
      echo "servers: no server $server" >&2
      exit 2
      ;;
  esac
done
[ -x "$cache/venv/bin/moto_server" ] || {
  python3 -m venv "$cache/venv"
  "$cache/venv/bin/pip" -q install "moto[server]==$MOTO"
}
[ -n "${SERVERS_BUILT:-}" ] || (cd "$here" && mvn -B test-compile >"$out/build.log" 2>&1)
data=${SERVERS_DATA:-$out/digits}
"$here/twintail" run "$spec" ${SERVERS_DATA:+--data "$SERVERS_DATA"} --create --store "$out/folder" >"$out/folder.log" 2>&1 ||
  { tail -n 5 "$out/folder.log" >&2; exit 1; }
if [ -z "${SERVERS_DATA:-}" ]; then
  mkdir -p "$data"
  awk '$1 == "file:" { f = $2 } $1 == "sha256:" { print f, $2 }' "$here/pipelines/mnist.yaml" |
    while read -r file digest; do
      cp "$out/folder/cas/${digest:0:2}/$digest" "$data/$file"
    done
fi

printf '| server | version | date | contract | a run | four at once | gc, fsck | remarks |\n|---|---|---|---|---|---|---|---|\n' | tee "$out/table.md"
for server in "$@"; do
  port=$((port + 10))
  export AWS_ENDPOINT_URL_S3=http://127.0.0.1:$port
  certify "$server"
done
if grep -q FAILED "$out/table.md"; then exit 1; fi
awk -F '|' 'NR > 2 { split($5, n, " of "); if (n[1] + 0 != n[2] + 0) exit 1 }' "$out/table.md"
