"""Trains the same models in turn with Twintail and with PyTorch; prints a table of the times."""

import argparse
import json
import statistics
import subprocess
import sys

import torch

import peer

MODELS = ["FCBaseline", "ConvTail", "Digits", "PreTrain"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=5, help="warm ones, after a cold one")
    parser.add_argument("--models", nargs="+", default=MODELS)
    parser.add_argument("--blas", required=True, help="what PyTorch's BLAS is, for the header")
    parser.add_argument("java", nargs="+", help="command of Twintail's side")
    args = parser.parse_args()
    torch.set_num_threads(1)

    with subprocess.Popen(
        args.java, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as twintail:
        rows = {model: [] for model in args.models}
        for repetition in range(args.repetitions + 1):
            for model in args.models:
                rows[model].append(both(twintail, model))
                print(f"{repetition}/{args.repetitions} {model} {rows[model][-1]}", file=sys.stderr)
        twintail.stdin.close()

    print(f"PyTorch {torch.__version__}, BLAS {args.blas}; {args.repetitions} warm repetitions;")
    print("one thread each; times are medians, the ratio is the median of paired ratios.\n")
    print(
        "| model | twintail ms/step | s/training | torch ms/step | s/training "
        "| ratio (min–max) | cold: twintail s | torch s | loss apart, epoch 1 | at the end |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for model, runs in rows.items():
        print(row(model, runs[0], runs[1:]))


class Run:
    """One training by each."""

    def __init__(self, steps, ours, theirs, apart, apart_last):
        self.steps = steps
        self.ours = ours
        self.theirs = theirs
        self.apart = apart
        self.apart_last = apart_last

    def __str__(self):
        return f"{self.ours:.3f} s : {self.theirs:.3f} s = {self.ours / self.theirs:.2f}"


def both(twintail, model):
    twintail.stdin.write(model + "\n")
    twintail.stdin.flush()
    answer = twintail.stdout.readline()
    if not answer:
        sys.exit("ci/bench: Twintail's side ended early; see above")
    steps = ours = theirs = apart = apart_last = 0
    for stage in json.loads(answer):
        task = peer.Task(stage["task"])
        seconds, curves = task.train()
        steps += task.steps()
        ours += stage["seconds"]
        theirs += seconds
        if curves.keys() != task.curves.keys():
            sys.exit(f"ci/bench: {model} measures other things on the two sides")
        for (epoch, _, metric), value in task.curves.items():
            if metric == "loss":
                difference = abs(value - curves[epoch, _, metric])
                if epoch == 1:
                    apart = max(apart, difference)
                if epoch == task.spec["epochs"]:
                    apart_last = max(apart_last, difference)
    return Run(steps, ours, theirs, apart, apart_last)


def row(model, cold, warm):
    ours = statistics.median(r.ours for r in warm)
    theirs = statistics.median(r.theirs for r in warm)
    ratios = [r.ours / r.theirs for r in warm]
    steps = cold.steps
    return (
        f"| {model} | {1000 * ours / steps:.2f} | {ours:.2f} "
        f"| {1000 * theirs / steps:.2f} | {theirs:.2f} "
        f"| **{statistics.median(ratios):.2f}** ({min(ratios):.2f}–{max(ratios):.2f}) "
        f"| {cold.ours:.2f} | {cold.theirs:.2f} "
        f"| {cold.apart:.0e} | {cold.apart_last:.0e} |"
    )


if __name__ == "__main__":
    main()
