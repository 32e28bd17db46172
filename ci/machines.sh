#!/usr/bin/env bash
# Runs Twintail on machines that are not as one would like: other locales, full disks, folders
# mounted noexec, users without an entry, file systems without locks, few open files. As root on
# Linux, with gcc and util-linux; mounts are made in a namespace of their own and go with it.
#
#   ci/machines.sh            all cases; prints one line each and exits with 1 if one fails
set -uo pipefail
here=$(cd "$(dirname "$0")/.." && pwd -P)
spec=$here/src/test/resources/tiny-experiment/tiny.yaml
digits=$here/src/test/resources/mnist-fixture

if [ "${1:-}" != --inside ]; then
  [ "$(id -u)" = 0 ] || { echo "ci/machines.sh: needs root, to mount" >&2; exit 2; }
  "$here/twintail" version >/dev/null || exit 2
  exec unshare --mount --propagation private "$0" --inside
fi

work=$(mktemp -d)
trap 'umount "$work"/* 2>/dev/null; rm -rf "$work"' EXIT
failed=0

# check NAME EXPECTED-CODE PATTERN COMMAND...: the exit code, and a line of the output.
check() {
  name=$1 code=$2 pattern=$3
  shift 3
  output=$("$@" 2>&1 </dev/null)
  got=$?
  if [ "$got" = "$code" ] && grep -qE -- "$pattern" <<<"$output"; then
    printf 'ok    %s\n' "$name"
  else
    printf 'FAIL  %s: exit %s, expected %s and /%s/\n%s\n' "$name" "$got" "$code" "$pattern" "$output"
    failed=1
  fi
}
run() { "$here/twintail" run "$spec" --data "$digits" --workers 2 --create --store "$@"; }

full=$work/full
check "an ordinary machine" 0 'actions executed' run "$full"

# Locales: a folder whose name is not ASCII, with LC_ALL=C.
mkdir "$work/größe"
in_c() { cd "$work/größe" && LC_ALL=C "$here/twintail" get "$spec" results --store "$full" -o gout; }
check "LC_ALL=C in a folder outside ASCII" 0 'gout/results/summary.arrow' in_c
check "... the files are where they were asked for" 0 summary.arrow ls "$work/größe/gout/results"
check "... and nowhere else" 0 '^1$' bash -c "ls '$work' | grep -c gr"
by_java() { cd "$work/größe" && LC_ALL=C java -jar "$here/target/twintail.jar" version; }
check "the jar itself under LC_ALL=C refuses" 6 'set LC_ALL=C.UTF-8' by_java

# Output that goes nowhere.
for command in "results $spec --json" "results $spec" "ls $spec" "log" "plan $spec" "du" "fsck" "gc"; do
  lost() { "$here/twintail" $command --store "$full" >/dev/full; }
  check "a full disk under: ${command%% *}" 6 'Cannot write the output' lost
done
headed() { "$here/twintail" ls "$spec" --store "$full" | head -n 1; [ "${PIPESTATUS[0]}" != 1 ]; }
check "a reader that goes away" 0 . headed

# A disk that fills up, and goes on when there is room again.
mkdir "$work/small" && mount -t tmpfs -o size=300k tmpfs "$work/small"
check "a store on a full disk" 6 'No space left on device.*run again' run "$work/small"
mount -o remount,size=50m "$work/small"
check "... goes on when there is room" 0 'actions executed' run "$work/small"
umount "$work/small"

# Folders that cannot execute.
mkdir "$work/noexec" && mount -t tmpfs -o noexec,mode=1777 tmpfs "$work/noexec"
mkdir "$work/noexec/home"
noexec() { HOME=$work/noexec/home TMPDIR=$work/noexec JAVA_TOOL_OPTIONS= run "$work/noexec-store"; }
check "noexec home and TMPDIR" 0 'actions executed' noexec
chosen() { TWINTAIL_CACHE=$work/noexec/cache run "$work/other"; }
check "a chosen cache that is noexec" 1 'TWINTAIL_CACHE' chosen

# A user without an entry, and without a home.
mkdir -m 1777 "$work/open"
chmod 755 "$work"
unknown() {
  (cd "$work/open" && setpriv --reuid 12345 --regid 12345 --clear-groups env -u HOME \
    TMPDIR="$work/open" "$here/twintail" run "$spec" --data "$digits" --create --store "$work/open/store$1")
}
check "a user without an entry" 0 'actions executed' unknown 1
check "... leaves no folder called ?" 1 '^$' bash -c "ls -a '$work/open' | grep -F '?'; test -e '$work/open/?' || { echo; exit 1; }"
second() {
  (cd "$work/open" && setpriv --reuid 12346 --regid 12346 --clear-groups env -u HOME \
    TMPDIR="$work/open" "$here/twintail" run "$spec" --data "$digits" --create --store "$work/open/store2")
}
check "... nor does it keep out a second such user" 0 'actions executed' second

# A file system without locks, and without fsync of one file.
cat >"$work/shim.c" <<'C'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
static int fake(const char *name, int fd, int cmd, void *arg) {
  if (cmd == F_SETLK || cmd == F_SETLKW || cmd == F_GETLK) { errno = ENOLCK; return -1; }
  int (*real)(int, int, ...) = dlsym(RTLD_NEXT, name);
  return real(fd, cmd, arg);
}
int fcntl(int fd, int cmd, ...) { va_list l; va_start(l, cmd); void *a = va_arg(l, void *); va_end(l); return fake("fcntl", fd, cmd, a); }
int fcntl64(int fd, int cmd, ...) { va_list l; va_start(l, cmd); void *a = va_arg(l, void *); va_end(l); return fake("fcntl64", fd, cmd, a); }
int flock(int fd, int op) { (void)fd; (void)op; errno = ENOLCK; return -1; }
int fsync(int fd) { (void)fd; errno = EINVAL; return -1; }
int fdatasync(int fd) { (void)fd; errno = EINVAL; return -1; }
C
gcc -shared -fPIC -o "$work/shim.so" "$work/shim.c" -ldl || exit 2
unlocked() { LD_PRELOAD=$work/shim.so run "$work/unlocked"; }
check "no locks, no fsync" 0 'actions executed' unlocked
check "... and nothing is left in tmp" 1 '^$' bash -c "find '$work/unlocked/tmp' -type f 2>/dev/null | grep . || { echo; exit 1; }"

# Few open files.
few() { (ulimit -n 100 && "$here/twintail" plan "$spec" --store "$full"); }
check "ulimit -n 100" 1 'ulimit -n 1024' few
soft() { (ulimit -S -n 100 && "$here/twintail" plan "$spec" --store "$full"); }
check "a soft limit of 100 is raised" 0 . soft

exit $failed
