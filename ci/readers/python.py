"""Runs the Python of a page block by block, and compares what each predicts with Twintail."""
import re
import sys

import pyarrow as pa

LONGEST = 10  # lines of a block that scores a model
EDGE = 2  # pairs of 1,000 that may come out otherwise, since sums are added in another order

page = open(sys.argv[1], encoding="utf-8").read()
scope = {}
heads = []
for block in re.findall(r"```python\n(.*?)```", page, re.S):
    exec(compile(block, sys.argv[1], "exec"), scope)
    scored = re.search(r'print\("(\w+)"', block)
    if not scored:
        continue
    model = scored.group(1)
    lines = len(block.strip().splitlines())
    assert lines <= LONGEST, f"{model}: {lines} lines"
    theirs = pa.ipc.open_file(f"out/predictions/{model}/round-01/predictions.arrow").read_all()
    predicted = scope["predicted"].numpy()
    differ = int((predicted != theirs["predicted"].to_numpy()).sum())
    assert differ <= EDGE, f"{model}: {differ} of {len(predicted)} pairs come out otherwise"
    heads.append(f"{model} ({differ} differ)")
assert len(heads) == 5, heads
print("PyTorch predicts what Twintail did:", ", ".join(heads))
