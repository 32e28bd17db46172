#!/usr/bin/env bash
# Runs docs/python.md as it stands, on a model of each head, and fails unless PyTorch predicts what
# Twintail did. PyTorch is large, so it is taken where it is: PYTHON names a Python that has torch,
# safetensors, pyarrow and numpy; without one this says so and ends well.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd -P)
project=$(cd "$here/../.." && pwd -P)
python=${PYTHON:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if ! "$python" -c 'import torch, safetensors.torch, pyarrow, numpy' 2>"$work/import.log"; then
  echo "Not tried: docs/python.md, since $python lacks its libraries: $(tail -n 1 "$work/import.log")"
  exit 0
fi
export TWINTAIL_STORE=${TWINTAIL_STORE:-$work/store}
only=ConvTail,ConvSoftMax,ConvArgMax,Digits,SoftArithmetic
quietly() { "$@" >"$work/twintail.log" 2>&1 || { cat "$work/twintail.log"; exit 1; }; }
quietly "$project/twintail" run "$here/heads.yaml" --only "$only" --create
quietly "$project/twintail" get "$here/heads.yaml" --only "$only" weights datasets predictions -o "$work/out"
cd "$work"
"$python" "$here/python.py" "$project/docs/python.md"
