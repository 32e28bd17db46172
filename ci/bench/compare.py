"""Trains the same models in turn with Twintail and with PyTorch; prints a table of the times."""

import argparse
import json
import statistics
import subprocess
import sys

import torch

import peer

MODELS = ["FCBaseline", "ConvTail", "Digits", "PreTrain"]
TOLERANCE = 1e-3  # of the losses of the first epoch


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

    print(f"PyTorch {torch.__version__}, BLAS: {args.blas}; one thread each; {args.repetitions} warm")
    print("repetitions in turn. Times are medians; a ratio is Twintail's time by PyTorch's, the median")
    print("over the repetitions (least to most), by the wall's clock and by the processor's. Cold is the")
    print("first training of a model in a fresh process. Losses are compared from the same weights and")
    print("batches; rounding grows with the epochs.\n")
    print(
        "| model | steps | Twintail ms/step | s | PyTorch ms/step | s | ratio | ratio, processor "
        "| cold s | PyTorch's | losses apart in epoch 1 | in the last |"
    )
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    for model, runs in rows.items():
        print(row(model, runs[0], runs[1:]))


class Run:
    """One training by each side, all its stages together."""

    def __init__(self):
        self.steps = 0
        self.ours = self.theirs = 0
        self.our_cpu = self.their_cpu = 0
        self.apart_first = self.apart_last = 0

    def __str__(self):
        return f"{self.ours:.3f} s : {self.theirs:.3f} s = {self.ours / self.theirs:.2f}"


def both(twintail, model):
    twintail.stdin.write(model + "\n")
    twintail.stdin.flush()
    answer = twintail.stdout.readline()
    if not answer:
        sys.exit("ci/bench: Twintail's side ended early; see above")
    run = Run()
    for stage in json.loads(answer):
        task = peer.Task(stage["task"])
        seconds, cpu, curves = task.train()
        run.steps += task.steps()
        run.ours += stage["seconds"]
        run.our_cpu += stage["cpu"]
        run.theirs += seconds
        run.their_cpu += cpu
        if curves.keys() != task.curves.keys():
            sys.exit(f"ci/bench: {model} is measured by other metrics on the two sides")
        last = task.spec["epochs"]
        run.apart_first = max(run.apart_first, apart(task.curves, curves, 1))
        run.apart_last = max(run.apart_last, apart(task.curves, curves, last))
    if run.apart_first > TOLERANCE:
        sys.exit(f"ci/bench: {model} learns something else: losses are {run.apart_first} apart")
    return run


def apart(ours, theirs, epoch):
    """Returns how far the losses of an epoch are apart, of training or validation."""
    return max(abs(ours[k] - theirs[k]) for k in ours if k[0] == epoch and k[2] == "loss")


def ratio(warm, ours, theirs):
    ratios = [getattr(run, ours) / getattr(run, theirs) for run in warm]
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"


def row(model, cold, warm):
    ours = statistics.median(run.ours for run in warm)
    theirs = statistics.median(run.theirs for run in warm)
    return (
        f"| {model} | {cold.steps} | {1000 * ours / cold.steps:.2f} | {ours:.2f} "
        f"| {1000 * theirs / cold.steps:.2f} | {theirs:.2f} "
        f"| {ratio(warm, 'ours', 'theirs')} | {ratio(warm, 'our_cpu', 'their_cpu')} "
        f"| {cold.ours:.2f} | {cold.theirs:.2f} "
        f"| {cold.apart_first:.0e} | {cold.apart_last:.0e} |"
    )


if __name__ == "__main__":
    main()
