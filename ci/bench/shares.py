"""Tells where the time of our side's training goes, by samples of the flight recorder."""

import collections
import json
import shutil
import subprocess
from pathlib import Path

SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<configuration version="2.0">
  <event name="jdk.ExecutionSample">
    <setting name="enabled">true</setting><setting name="period">10 ms</setting>
  </event>
  <event name="jdk.NativeMethodSample">
    <setting name="enabled">true</setting><setting name="period">10 ms</setting>
  </event>
</configuration>
"""
MODEL = "dev/twintail/model/"
# They hold values for others; which of them a sample names hangs on what the compiler inlined.
HOLDERS = ("NativeMatrix", "Affine", "Filters", "Normalisation")
# By the first other class of ours in a stack, the innermost first.
PARTS = {
    "pooling": ("MaxPool",),
    "batch normalisation": ("BatchNorm",),
    "dropout": ("Dropout",),
    "convolution's copies, tiles": ("ConvOp", "Winograd", "TileTransform", "ShiftedRows"),
    "optimizer": ("Parameter", "Updater"),
    "losses": ("Softmax", "SoftComparison"),
}
COLUMNS = ["matrix products", *PARTS, "else"]
SECONDS = 15  # of training, of which the first third warms up


def profile(models, serve, args):
    """Prints the share of each part in the time of a warm training, a row a model.

    Args:
      models: names such as vieli2021/Digits.
      serve: gives the side of a model, started with more options for its JVM.
      args: of the command line; java and cache are used.
    """
    settings = args.cache / "profile.jfc"
    settings.write_text(SETTINGS)
    print("| model | samples | " + " | ".join(COLUMNS) + " |")
    print("|---|" + "--:|" * (1 + len(COLUMNS)))
    for model in models:
        recording = args.cache / "profile.jfr"
        recording.unlink(missing_ok=True)
        options = [f"-XX:StartFlightRecording:filename={recording},settings={settings}"]
        with serve(model, options) as side:
            spent = 0
            while spent < SECONDS:
                spent += side.train(1)["wall"]
        counts = parts(samples(recording, args.java))
        total = sum(counts.values())
        cells = [f"{100 * counts[column] / total:.0f} %" for column in COLUMNS]
        print(f"| {model} | {total} | " + " | ".join(cells) + " |", flush=True)
        recording.unlink()


def samples(recording, java):
    """Returns the stacks of the training thread, innermost first, without those of warming up."""
    jfr = Path(shutil.which(java)).resolve().parent / "jfr"
    command = [str(jfr), "print", "--json", "--stack-depth", "64", str(recording)]
    printed = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    found = []
    for event in json.loads(printed)["recording"]["events"]:
        values = event["values"]
        frames = [frame["method"] for frame in (values["stackTrace"] or {"frames": []})["frames"]]
        stack = [(frame["type"]["name"], frame["name"]) for frame in frames]
        if any(name.startswith(MODEL) for name, _ in stack):
            found.append((values["startTime"], stack))
    found.sort(key=lambda sample: sample[0])
    return [stack for _, stack in found[len(found) // 3 :]]


def parts(stacks):
    """Counts the samples of each part."""
    counts = collections.Counter(dict.fromkeys(COLUMNS, 0))
    for stack in stacks:
        if stack[0][1].startswith("cblas_"):
            counts["matrix products"] += 1
            continue
        ours = (name.removeprefix(MODEL) for name, _ in stack if name.startswith(MODEL))
        first = next((name for name in ours if not name.startswith(HOLDERS)), "")
        names = (part for part, classes in PARTS.items() if first.startswith(classes))
        counts[next(names, "else")] += 1
    return counts
