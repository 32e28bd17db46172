#!/usr/bin/env bash
# Runs what docker/ says on a Debian machine that can reach package registries and no registry of
# images: gets an engine, makes base images, builds ours, and runs the test against MinIO in a
# container, the services of compose.yaml, a run, a night twice, and a run on the Flink cluster.
#
#   sudo ci/containers.sh
#
# Needs root, apt, Maven, Go (for MinIO) and curl. Settings:
#   CONTAINERS_OUT     logs, and the engine's data; kept, so that a rerun is quick; default:
#                      target/containers
#   CONTAINERS_MINIO   a MinIO that is built already; else it is built, which takes ten minutes
#   CONTAINERS_DATA    a folder with the four MNIST files, where no mirror can be reached
#   CONTAINERS_SPEC    the experiment of the nights; default: vieli2021
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd -P)
out=${CONTAINERS_OUT:-$here/target/containers}
spec=${CONTAINERS_SPEC:-vieli2021}
MINIO=v0.0.0-20250907161309-07c3a429bfed
SUITE=bookworm
mkdir -p "$out"
out=$(cd "$out" && pwd -P)

fail() {
  printf 'containers: %s\n' "$1" >&2
  exit 1
}

# step NAME COMMAND...: says how long it took; its words go to NAME.log.
step() {
  local name=$1 began=$SECONDS
  shift
  "$@" >"$out/$name.log" 2>&1 || fail "$name failed; see $out/$name.log"
  printf '%-12s %4s s\n' "$name" "$((SECONDS - began))"
}

[ "$(id -u)" = 0 ] || fail "an engine needs root"

packages() {
  apt-get update
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
    docker.io iptables debootstrap docker-compose
}
command -v dockerd >/dev/null && command -v debootstrap >/dev/null && command -v docker-compose >/dev/null ||
  step packages packages

# Newer clients than Debian's build images by a plugin that may not be there.
docker=/usr/bin/docker
[ -x $docker ] || fail "cannot find Debian's docker"
export DOCKER_HOST=unix://$out/docker/docker.sock DOCKER_BUILDKIT=1
engine=
cleanup() {
  compose down -v --remove-orphans >>"$out/down.log" 2>&1 || true
  [ -z "$engine" ] || { kill "$engine" && wait "$engine"; } 2>/dev/null || true
}

# Debian's compose does not know the name of a project in its file.
sed '/^name:/d' "$here/docker/compose.yaml" >"$out/compose.yaml"
compose() {
  docker-compose -p twintail --project-directory "$here/docker" -f "$out/compose.yaml" \
    -f "$here/docker/minio.yaml" "$@"
}
trap cleanup EXIT

if ! $docker info >/dev/null 2>&1; then
  mkdir -p "$out/docker"
  rm -f "$out/docker/pid"
  dockerd --data-root "$out/docker/data" --exec-root "$out/docker/exec" -H "$DOCKER_HOST" \
    -p "$out/docker/pid" >"$out/dockerd.log" 2>&1 &
  engine=$!
  for _ in $(seq 60); do
    if $docker info >/dev/null 2>&1; then break; fi
    sleep 1
  done
  $docker info >/dev/null 2>&1 || fail "the engine does not come up; see $out/dockerd.log"
fi
printf 'engine %s, %s\n' "$($docker version -f '{{.Server.Version}}')" "$($docker info -f '{{.Driver}}')"

has_image() { [ -n "$($docker images -q "$1")" ]; }

base() {
  rm -rf "$out/rootfs"
  # From where this machine has its packages, else from where debootstrap looks by itself.
  mirror=$(awk '$1 == "URIs:" { print $2; exit } $1 == "deb" && $2 ~ /^http/ { print $2; exit }' \
    /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null || true)
  debootstrap --variant=minbase --include=ca-certificates $SUITE "$out/rootfs" ${mirror:-}
  tar -C "$out/rootfs" -c . | $docker import - twintail-base:$SUITE
  rm -rf "$out/rootfs"
}
has_image twintail-base:$SUITE || step base base

# image NAME FROM PACKAGE...: with the certificates that this machine trusts besides Debian's.
image() {
  local name=$1 from=$2 context=$out/$1
  shift 2
  rm -rf "$context"
  mkdir -p "$context/certificates"
  cp /usr/local/share/ca-certificates/*.crt "$context/certificates/" 2>/dev/null || true
  cat >"$context/Dockerfile" <<END
FROM $from
COPY certificates/ /usr/local/share/ca-certificates/
RUN update-ca-certificates && apt-get update \\
  && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $* \\
  && rm -rf /var/lib/apt/lists/*
END
  $docker build --progress=plain -t "$name:local" "$context"
}
step jre image twintail-jre twintail-base:$SUITE openjdk-17-jre-headless
step jdk image twintail-jdk twintail-jre:local openjdk-17-jdk-headless maven

build() {
  local bases=(--build-arg BUILD_IMAGE=twintail-jdk:local --build-arg RUN_IMAGE=twintail-jre:local)
  $docker build --progress=plain "${bases[@]}" -f "$here/docker/Dockerfile" -t twintail:local "$here"
  $docker build --progress=plain "${bases[@]}" -f "$here/docker/Dockerfile" --target flink \
    -t twintail-flink:local "$here"
}
step images build
$docker images --format '{{.Repository}}:{{.Tag}} {{.Size}}' | grep -E '^twintail(-flink)?:local'

minio() {
  mkdir -p "$out/minio"
  if [ -n "${CONTAINERS_MINIO:-}" ]; then
    cp "$CONTAINERS_MINIO" "$out/minio/minio"
  elif [ ! -x "$out/minio/minio" ]; then
    GOBIN="$out/minio" CGO_ENABLED=0 go install "github.com/minio/minio@$MINIO"
  fi
  printf 'FROM scratch\nCOPY minio /minio\nENTRYPOINT ["/minio"]\n' >"$out/minio/Dockerfile"
  $docker build --progress=plain -t twintail-minio:local "$out/minio"
}
step minio minio

# No image of a helper can be pulled, and ports are mapped to this machine.
containers() {
  cd "$here"
  TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1 \
    TWINTAIL_MINIO_IMAGE=twintail-minio:local \
    mvn -B -Dspotless.check.skip=true -Dtest=S3MinioContractTest test
}
step testcontainers containers
grep -E '^\[(INFO|WARNING)\] Tests run: [0-9]+.*Skipped: 0' "$out/testcontainers.log" | tail -n 1 ||
  fail "the test against MinIO was skipped; see $out/testcontainers.log"

export TWINTAIL_MINIO_IMAGE=twintail-minio:local
export AWS_ACCESS_KEY_ID=twintail-test AWS_SECRET_ACCESS_KEY=a-secret-of-tests-only
data=()
offline=()
if [ -n "${CONTAINERS_DATA:-}" ]; then
  data=(-v "$(cd "$CONTAINERS_DATA" && pwd -P):/digits:ro")
  offline=(--data /digits)
fi

up() {
  compose up -d --no-build s3
  for _ in $(seq 60); do
    if curl -sf --noproxy '*' http://127.0.0.1:9000/minio/health/ready; then break; fi
    sleep 1
  done
  curl -sf --noproxy '*' --aws-sigv4 aws:amz:us-east-1:s3 \
    --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -X PUT http://127.0.0.1:9000/artifacts
}
step up up

program() { compose run --rm -T "${data[@]}" twintail "$@"; }
step run program run vieli2021 --rounds 2 --create "${offline[@]}"
grep 'executed, ' "$out/run.log"
step results program results vieli2021 --rounds 2
step fsck program fsck --sample 50
step gc program gc --delete

night() {
  compose run --rm -T "${data[@]}" -e NIGHTLY_OUT=/home/twintail/nightly \
    -e NIGHTLY_OPINION=0 \
    ${CONTAINERS_DATA:+-e NIGHTLY_DATA=/digits} --entrypoint ci/nightly.sh twintail "$spec"
}
for number in 1 2; do
  step "night-$number" night
  grep -E ' executed, |^nightly: ' "$out/night-$number.log"
done
grep -q '^0 actions executed' "$out/night-2.log" || fail "the second night executed something"

# The same on Flink: the cluster's store is another one, so that all is executed.
export TWINTAIL_STORE=s3://artifacts/flink
cluster() {
  compose --profile cluster up -d --no-build --scale taskmanager=2 s3 jobmanager taskmanager
  for _ in $(seq 120); do
    if curl -sf --noproxy '*' http://127.0.0.1:8081/overview | grep '"slots-total":2,' >/dev/null; then break; fi
    sleep 1
  done
  driver
}
driver() {
  if [ ${#offline[@]} -eq 0 ]; then
    compose --profile cluster run --rm -T driver
  else
    compose --profile cluster run --rm -T "${data[@]}" driver run vieli2021 --rounds=2 --create "${offline[@]}" \
      --runner=flink -- --flinkMaster=jobmanager:8081 --parallelism=2
  fi
}
step cluster cluster
grep 'executed, ' "$out/cluster.log"
step cluster-2 driver
grep '^0 actions executed' "$out/cluster-2.log" || fail "the second run on the cluster executed something"
printf 'all of docker/ ran; %s s\n' "$SECONDS"
