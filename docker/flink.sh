#!/bin/sh
# Starts a process of a Flink cluster, as Flink's own scripts do, from the libraries that the launcher
# fetches (target/flink). The program itself comes with each job.
#
#   docker/flink.sh jobmanager|taskmanager [-D key=value ...]
#   docker/flink.sh run [OPTION ...] JOB.jar [ARGUMENT ...]         as Flink's flink run
#
# Settings:
#   FLINK_SLOTS       of a TaskManager: how many actions it executes at once; default: 1
#   FLINK_JAVA_OPTS   options for the JVM
set -eu

here=$(cd "$(dirname "$0")/.." && pwd -P)
role=${1:-}
[ $# -eq 0 ] || shift
slots=${FLINK_SLOTS:-1}
options=${FLINK_JAVA_OPTS:-}

case $role in
  jobmanager)
    main=org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint
    options="-Xmx512m $options"
    set -- --configDir "$here/docker/flink" "$@"
    ;;
  taskmanager)
    main=org.apache.flink.runtime.taskexecutor.TaskManagerRunner
    # Workers take as many actions at once as they see processors.
    options="-XX:ActiveProcessorCount=$slots -Xmx$((448 + 256 * slots))m -XX:MaxDirectMemorySize=$((544 + 256 * slots))m $options"
    set -- --configDir "$here/docker/flink" -D taskmanager.numberOfTaskSlots="$slots" \
      -D taskmanager.cpu.cores="$slots" "$@"
    ;;
  run)
    main=org.apache.flink.client.cli.CliFrontend
    export FLINK_CONF_DIR="$here/docker/flink"
    set -- run "$@"
    ;;
  *)
    printf 'flink: expected jobmanager, taskmanager or run\n' >&2
    exit 2
    ;;
esac

# What a distribution of Flink has in its lib/.
libraries=
for library in "$here"/target/flink/*.jar "$here"/target/lib/*.jar; do
  case ${library##*/} in
    flink-* | slf4j-* | kryo-* | chill-* | objenesis-* | minlog-* | javassist-* | async-profiler-* | \
      snappy-* | lz4-* | commons-lang3-* | commons-cli-* | commons-text-* | commons-collections-* | \
      commons-io-* | commons-math3-* | commons-compress-* | commons-codec-*)
      libraries=$libraries:$library
      ;;
  esac
done
[ -n "$libraries" ] || {
  printf 'flink: no libraries in %s/target/flink; run the program once with --runner flink\n' "$here" >&2
  exit 1
}

# The options of Flink's own scripts on Java 17.
for package in lang net io nio lang.reflect text time util util.concurrent util.concurrent.atomic \
  util.concurrent.locks; do
  options="$options --add-opens=java.base/java.$package=ALL-UNNAMED"
done

if [ -n "${JAVA_HOME:-}" ]; then java=$JAVA_HOME/bin/java; else java=java; fi
# shellcheck disable=SC2086
exec "$java" $options -cp "${libraries#:}" "$main" "$@"
