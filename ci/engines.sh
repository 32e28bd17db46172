#!/usr/bin/env bash
# Compares the accuracies of both engines: runs an experiment by each, and prints for each model the
# mean accuracies in %, the mean of the rounds' differences (both engines see the same pairs in the
# same round), the deviation of a round (of both engines, about their means), and the difference in
# standard errors by the deviation of all models together. Exits with 1 if one is beyond 4 of them.
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
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for engine in blas dl4j; do
  "$twintail" run "$name" --engine "$engine" --rounds "$rounds" "$@" >/dev/null
  "$twintail" results "$name" --engine "$engine" --rounds "$rounds" "$@" \
    --predictions "$work/$engine.csv" >/dev/null
done
awk -F, -v name="$name" '
  FNR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; engine++; next }
  {
    model = $column["model"]; round = $column["round"]
    if (!(model in seen)) { seen[model] = ++models; order[models] = model }
    if (round > rounds) rounds = round
    pairs[engine, model, round]++
    hits[engine, model, round] += $column["target"] == $column["predicted"]
  }
  END {
    for (m = 1; m <= models; m++) {
      model = order[m]
      for (e = 1; e <= 2; e++) {
        mean[e, m] = 0
        for (r = 1; r <= rounds; r++) {
          accuracy[e, r] = 100 * hits[e, model, r] / pairs[e, model, r]
          mean[e, m] += accuracy[e, r] / rounds
        }
        for (r = 1; r <= rounds; r++) squares[m] += (accuracy[e, r] - mean[e, m]) ^ 2
      }
      all += squares[m]
    }
    pooled = rounds > 1 ? sqrt(all / (2 * models * (rounds - 1))) : 0
    error = pooled * sqrt(2 / rounds)
    printf "%s, %d rounds: a round deviates by %.2f, a difference of two means by %.2f\n", name, rounds, pooled, error
    printf "%-28s %7s %7s %10s %9s %6s\n", "model", "blas", "dl4j", "difference", "deviation", "errors"
    for (m = 1; m <= models; m++) {
      difference = mean[2, m] - mean[1, m]
      errors = error > 0 ? difference / error : 0
      if (errors > 4 || errors < -4) beyond = 1
      deviation = rounds > 1 ? sqrt(squares[m] / (2 * (rounds - 1))) : 0
      printf "%-28s %7.2f %7.2f %+10.2f %9.2f %+6.1f\n", order[m], mean[1, m], mean[2, m], difference, deviation, errors
    }
    exit beyond
  }' "$work/blas.csv" "$work/dl4j.csv"
