"""Trains the same models in turn with Twintail and with PyTorch; prints a table of the times."""

import argparse
import datetime
import json
import math
import os
import platform
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import shares

SIXTEEN = [
    "carparelli2019/Conv2_sharing_aux",
    "carparelli2019/Conv2_NOsharing_NOaux",
    "carparelli2019/MLP_sharing_aux",
    "carparelli2019/Conv1_sharing_aux",
    "carparelli2019/Shallow_sharing_aux",
    "salimbeni/FCNN1",
    "salimbeni/FCNN3",
    "salimbeni/AL2",
    "salimbeni/AL4",
    "fu/WeightSharing",
    "fu/SharingAux",
    "chahed/BasicNet",
    "chahed/CNNTuned",
    "chahed/CNNBoth",
    "chahed/FCNBoth",
    "vieli2021/Digits",
]
QUICK = ["carparelli2019/Conv2_sharing_aux", "salimbeni/FCNN1", "chahed/FCNBoth", "vieli2021/Digits"]
TOLERANCE = 1e-5  # of the losses of the first epoch, relative
ROUNDINGS = [{"double": True}, {"onednn": False}]  # other ways in which PyTorch may round
LEAST = 0.5  # seconds that a measurement lasts, by repeating short trainings
HERE = Path(__file__).resolve().parent
PIPELINES = str(HERE.parent.parent / "pipelines")


class Side:
    """A process that answers requests, one line each; its first line says that it is ready."""

    def __init__(self, command, env=None):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env
        )
        self.command = command
        self.ready = self.read()

    def ask(self, request):
        self.process.stdin.write(request + "\n")
        self.process.stdin.flush()
        return self.read()

    def read(self):
        line = self.process.stdout.readline()
        while line and not line.startswith("{"):  # The flight recorder greets on this stream.
            line = self.process.stdout.readline()
        if not line:
            sys.exit(f"ci/bench: Cannot go on: '{self.command[0]}' ended early; see above")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Twintail(Side):
    def train(self, times):
        return self.ask(f"train {times}")


class Peer(Side):
    def __init__(self, python):
        # The kernels that PyTorch itself would choose here.
        env = {k: v for k, v in os.environ.items() if not k.startswith(("OPENBLAS_", "DNNL_"))}
        super().__init__([python, str(HERE / "peer.py")], {**env, "OMP_NUM_THREADS": "1"})

    def ask(self, **request):
        return super().ask(json.dumps(request))

    def train(self, times):
        return self.ask(do="train", times=times)

    def losses(self, task, options=()):
        return self.ask(do="check", task=task, options=dict(options))["losses"]


class Result:
    """What was measured of a model."""

    def __init__(self, model, described):
        self.model = model
        self.described = described
        self.steps = described["steps"]
        self.options = []
        self.apart = None
        self.rounding = 0  # how far apart PyTorch's own losses are if it rounds otherwise
        self.steps_apart = None
        self.cold = {}
        self.warm = {"ours": [], "theirs": []}
        self.start = {}

    def agrees(self):
        """Returns whether both sides learn the same."""
        if self.apart is None:
            return True
        return self.steps_apart <= TOLERANCE and self.apart <= max(TOLERANCE, 4 * self.rounding)

    def per_step(self, side, clock):
        """Returns the milliseconds of a step, the median of the warm repetitions."""
        times = [1000 * run[clock] / run["times"] / self.steps for run in self.warm[side]]
        return statistics.median(times)

    def ratio(self, clock):
        pairs = zip(self.warm["ours"], self.warm["theirs"])
        return statistics.median(ours[clock] / theirs[clock] for ours, theirs in pairs)

    def cold_ratio(self, clock):
        return self.cold["ours"][clock] / self.cold["theirs"][clock]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", nargs="+", help="spec/model; 'all' for every architecture")
    parser.add_argument("--epochs", type=int, default=1000, help="at most; else the spec's own")
    parser.add_argument("--repetitions", type=int, default=3, help="warm ones, of which the median")
    parser.add_argument("--warm-up", type=float, default=5, help="seconds of each side's processor")
    parser.add_argument("--data", default="find", help="folder with the four files of MNIST")
    parser.add_argument("--quick", action="store_true", help="four models, two epochs, once")
    parser.add_argument("--check", action="store_true", help="compares losses; takes no times")
    parser.add_argument("--profile", action="store_true", help="where our side's time goes, alone")
    parser.add_argument("--json", type=Path, help="file for all that was measured")
    # What run.sh knows:
    parser.add_argument("--cache", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--java", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--python", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.quick:
        args.epochs, args.repetitions, args.warm_up = 2, 1, 0
    models = args.models or (QUICK if args.quick else SIXTEEN)
    if models == ["all"]:
        listed = subprocess.run(
            [*java(args), "list", PIPELINES], stdout=subprocess.PIPE, text=True, check=True
        )
        models = listed.stdout.split()
    if args.profile:
        shares.profile(models, lambda model, options: twintail(model, args, options), args)
        for model in models:
            shutil.rmtree(task_folder(model, args))
        return
    tuner = Peer(args.python) if args.python else None
    results = []
    started = datetime.datetime.now()
    for i, model in enumerate(models, 1):
        result = measure(model, args, tuner)
        results.append(result)
        print(f"{i}/{len(models)} {progress(result)}", file=sys.stderr, flush=True)
    if tuner:
        tuner.close()
    took = datetime.datetime.now() - started
    report(results, args, tuner, took.total_seconds())
    if args.json:
        args.json.write_text(json.dumps([vars(result) for result in results], indent=1))
    wrong = [result for result in results if not result.agrees()]
    for result in wrong:
        print(
            f"ci/bench: {result.model} learns something else than PyTorch: see the losses of its"
            " first epoch above",
            file=sys.stderr,
        )
    sys.exit(1 if wrong else 0)


def java(args, options=()):
    start = [args.java, *options, f"@{args.cache / 'java.args'}"]
    return [*start, "dev.twintail.bench.TrainBench"]


def task_folder(model, args):
    return args.cache / "tasks" / model


def twintail(model, args, options=()):
    """Starts our side of a model, whose tasks it writes for the other one."""
    tasks = str(task_folder(model, args))
    serve = ["serve", PIPELINES, model, str(args.epochs), str(args.cache), tasks, args.data]
    return Twintail([*java(args, options), *serve])


def measure(model, args, tuner):
    tasks = task_folder(model, args)
    with twintail(model, args) as ours:
        result = Result(model, ours.ready)
        stages = [str(tasks / stage) for stage in ours.ready["stages"]]
        whole = [f"{stage}/all" for stage in stages]
        if not args.check and tuner:
            result.options = [tuner.ask(do="tune", task=task)["options"] for task in whole]
        if not args.check and tuner:
            with Peer(args.python) as peer:
                peer.ask(do="load", tasks=whole, options=result.options)
                race(result, {"ours": ours, "theirs": peer}, args)
        elif not args.check:
            race(result, {"ours": ours}, args)
        check(result, ours, tuner, stages)
    shutil.rmtree(tasks)  # Tens of megabytes where each epoch has pairs of its own.
    return result


def race(result, sides, args):
    """Takes the times of the sides in turn: cold, then, when both are warm, again and again."""
    once = []
    for name, side in sides.items():
        result.start[name] = side.ready["start"]
        result.cold[name] = side.train(1)
        spent, last = result.cold[name]["cpu"], result.cold[name]["wall"]
        while spent < args.warm_up:
            run = side.train(1)
            spent, last = spent + run["cpu"], run["wall"]
        once.append(last)
    times = max(1, math.ceil(LEAST / min(once))) if args.warm_up else 1
    for repetition in range(args.repetitions):
        order = list(sides) if repetition % 2 == 0 else list(reversed(sides))
        for name in order:
            result.warm[name].append({"times": times, **sides[name].train(times)})


def check(result, side, tuner, stages):
    """Compares the losses of the first epoch, and those of a few steps of plain gradient descent.

    The steps leave rounding small. In an epoch Adam may let it grow, since it makes whole steps even
    of gradients that are nothing else, such as those of biases before a batch normalisation; where
    that shows, PyTorch tells how far apart its own losses are if it rounds otherwise.
    """
    if not tuner:
        return
    result.apart = result.steps_apart = 0
    ours = side.ask("check")
    for stage, (epoch,), (steps,) in zip(stages, ours["epoch"], ours["steps"]):
        theirs = tuner.losses(f"{stage}/epoch")
        result.apart = max(result.apart, apart(epoch, theirs))
        if apart(epoch, theirs) > TOLERANCE:
            others = [tuner.losses(f"{stage}/epoch", options) for options in ROUNDINGS]
            result.rounding = max([result.rounding, *(apart(theirs, other) for other in others)])
        result.steps_apart = max(result.steps_apart, apart(steps, tuner.losses(f"{stage}/steps")))


def apart(losses, others):
    """Returns how far losses are apart, relative to the first ones."""
    return max(abs(a - b) / abs(a) for a, b in zip(losses, others, strict=True))


def progress(result):
    parts = [result.model]
    if result.warm["theirs"]:
        parts.append(f"{result.ratio('wall'):.2f} by wall, {result.ratio('cpu'):.2f} by processor")
    elif result.warm["ours"]:
        parts.append(f"{result.per_step('ours', 'wall'):.3f} ms/step")
    if result.apart is not None:
        parts.append(f"losses {result.apart:.0e} apart, {result.steps_apart:.0e} after a few steps")
    if result.rounding:
        parts.append(f"PyTorch's own {result.rounding:.0e} by rounding")
    return ", ".join(parts)


def report(results, args, tuner, seconds):
    described = results[0].described
    engine = described["environment"]
    print(f"Machine: {processor()}, {os.cpu_count()} cores; {platform.platform()}; {where()}.")
    print(
        f"Twintail: engine {engine.get('engine.version')}, Java {described['java']},"
        f" {', '.join(f'{k} {v}' for k, v in engine.items() if 'blas' in k)}."
    )
    if tuner:
        print(f"PyTorch {tuner.ready['torch']}, Python {tuner.ready['python']}, one thread.")
    print(f"Digits: {described['digits']}. The whole took {seconds / 60:.1f} minutes.")
    print("Milliseconds and seconds are the processor's; a ratio is our time to PyTorch's.\n")
    if args.check:
        return
    if not tuner:
        print("| model | steps | ms/step, wall | processor | cold, s |\n|---|--:|--:|--:|--:|")
        for r in results:
            print(
                f"| {r.model} | {r.steps} | {r.per_step('ours', 'wall'):.3f} "
                f"| {r.per_step('ours', 'cpu'):.3f} | {r.cold['ours']['wall']:.2f} |"
            )
        return
    print(
        "| model | steps | warm, ms/step | PyTorch's | ratio, wall | ratio, processor "
        "| cold, s | PyTorch's | ratio, wall | ratio, processor | losses apart | PyTorch's way |"
    )
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|")
    for r in results:
        print(
            f"| {r.model} | {r.steps} "
            f"| {r.per_step('ours', 'cpu'):.3f} | {r.per_step('theirs', 'cpu'):.3f} "
            f"| {r.ratio('wall'):.2f} | {r.ratio('cpu'):.2f} "
            f"| {r.cold['ours']['cpu']:.2f} | {r.cold['theirs']['cpu']:.2f} "
            f"| {r.cold_ratio('wall'):.2f} | {r.cold_ratio('cpu'):.2f} "
            f"| {r.apart:.0e} | {'; '.join(dict.fromkeys(map(way, r.options)))} |"
        )
    means = [
        f"{statistics.geometric_mean(ratio(clock) for ratio in ratios):.2f}"
        for ratios in ([r.ratio for r in results], [r.cold_ratio for r in results])
        for clock in ("wall", "cpu")
    ]
    print(f"| geometric mean | | | | {means[0]} | {means[1]} | | | {means[2]} | {means[3]} | | |")
    ours = statistics.median(r.start["ours"] for r in results)
    theirs = statistics.median(r.start["theirs"] for r in results)
    print(f"\nSeconds of the processor to start: Java {ours:.1f}, Python with PyTorch {theirs:.1f}.")


def way(options):
    """Returns in a few words what PyTorch was fastest with."""
    words = []
    if options["channels_last"]:
        words.append("channels last")
    if not options["onednn"]:
        words.append("no oneDNN")
    if options["two_passes"]:
        words.append("two passes")
    if options["optimizer"] != "default":
        words.append(options["optimizer"])
    return ", ".join(words) or "default"


def processor():
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def where():
    if not hasattr(os, "sched_getaffinity"):
        return "not pinned"
    cores = sorted(os.sched_getaffinity(0))
    return f"pinned to core {cores[0]}" if len(cores) == 1 else f"on {len(cores)} cores"


if __name__ == "__main__":
    main()
