#!/usr/bin/env bash
# Two users of one machine share a store and cannot see each other's processes (hidepid): one runs
# what an earlier, killed run left without a record, while the other collects garbage. Nothing that
# the run needs may be gone afterwards. Needs root, for the mount and the users.
#
#   ci/hidepid.sh [ROUNDS]
#
# TWINTAIL is the command to start, ./twintail by default.
set -eu
cd "$(dirname "$0")/.."
rounds=${1:-20}
if [ -z "${HIDEPID_INSIDE:-}" ]; then
  exec env HIDEPID_INSIDE=1 unshare --mount --pid --fork "$0" "$rounds"
fi
mount -t proc -o hidepid=2 proc /proc
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 2775 "$work"
chgrp 20000 "$work"
store=$work/store
export HOME=$work
program=${TWINTAIL:-$PWD/twintail}
spec=$PWD/src/test/resources/tiny-experiment/tiny.yaml
digits=$PWD/src/test/resources/mnist-fixture

as() { # UID COMMAND...: as a member of the group, whose files the others may change
  local user=$1
  shift
  (umask 002 && exec env TWINTAIL_CACHE="$work/cache-$user" setpriv --reuid "$user" --regid 20000 --clear-groups --no-new-privs "$@")
}

as 20001 sleep 60 &
sleep 0.2
if as 20002 sh -c 'ls /proc/[0-9]*/stat 2>/dev/null; true' | grep "/$!/" >/dev/null; then
  echo "hidepid does not hide: cannot test here" >&2
  exit 1
fi

as 20001 $program run "$spec" --data "$digits" --store "$store" --create >"$work/first" 2>&1 || {
  cat "$work/first" >&2
  exit 1
}
kept=0 collected=0
for round in $(seq "$rounds"); do
  # As after a kill before the run was on record, days ago.
  rm -f "$store"/runs/*
  find "$store" -type f -exec touch -d '3 days ago' {} +
  # Either may come first.
  (sleep "0.$((RANDOM % 10))" && as 20001 $program run "$spec" --data "$digits" \
    --store "$store" >"$work/out" 2>"$work/err") &
  run=$!
  sleep "0.$((RANDOM % 10))"
  # Without any run on record, only a lock file lets a collection go on.
  if as 20002 $program gc --delete --grace 1h --lock pipelines/vieli2021.lock --store "$store" \
    >"$work/gc" 2>&1; then
    collected=$((collected + 1))
  elif grep -q 'a run or a copy uses' "$work/gc"; then
    kept=$((kept + 1))
  else
    echo "round $round: the collection failed:" >&2
    cat "$work/gc" >&2
    exit 1
  fi
  wait "$run" || {
    echo "round $round: the run failed:" >&2
    cat "$work/err" "$work/gc" >&2
    exit 1
  }
  as 20001 $program run "$spec" --store "$store" >"$work/again" 2>&1
  grep -q '^0 actions executed' "$work/again" || {
    echo "round $round: something was deleted that the run needs:" >&2
    cat "$work/again" "$work/gc" >&2
    exit 1
  }
  printf 'round %s: %s; %s\n' "$round" "$(grep executed "$work/err" | head -1)" \
    "$(tail -1 "$work/gc" | sed 's/; try.*//; s#'"$store"'#the store#')"
done
echo "$rounds rounds: $collected collections, $kept refused; nothing that was live was deleted"
