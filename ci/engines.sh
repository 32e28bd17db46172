#!/usr/bin/env bash
# Runs an experiment by both engines, and prints the accuracies of both in the same rounds, model by
# model. Exits with 1 if one differs by more than rounds deviate (t by the deviation of all models,
# adjusted by Holm, 5 %).
#
#   ci/engines.sh NAME ROUNDS [options of run and results, such as --store s3://bucket/prefix]
#
# TWINTAIL names another launcher.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd -P)
twintail=${TWINTAIL:-$here/twintail}
[ $# -ge 2 ] || { echo "usage: ci/engines.sh NAME ROUNDS [options]" >&2; exit 2; }
name=$1 rounds=$2
shift 2
[[ $rounds =~ ^[0-9]+$ ]] && [ "$rounds" -ge 2 ] ||
  { echo "engines: one round does not tell how far rounds deviate: take 2 or more" >&2; exit 2; }
for engine in dl4j blas; do
  "$twintail" run "$name" --engine "$engine" --rounds "$rounds" "$@" >/dev/null
done
"$twintail" results "$name" --rounds "$rounds" "$@"
"$twintail" results "$name" --rounds "$rounds" "$@" --json | grep '"beyond" *: *0[,}]' >/dev/null
