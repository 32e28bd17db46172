"""The training tasks that TrainBench.java wrote down, trained again with PyTorch."""

import json
import re
import struct
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

EVALUATION_BATCH = 100  # as in BlasTrainer


class Tied(nn.Module):
    """The same layers several times over."""

    def __init__(self, times, layers):
        super().__init__()
        self.times = times
        self.layers = layers

    def forward(self, x):
        for _ in range(self.times):
            x = self.layers(x)
        return x


def layer(text):
    """Returns the module that a layer of a spec stands for."""
    if found := re.fullmatch(r"conv (\d+) -> (\d+) (\d+)x\3", text):
        return nn.Conv2d(*map(int, found.groups()))
    if found := re.fullmatch(r"linear (\d+) -> (\d+)", text):
        return nn.Linear(*map(int, found.groups()))
    if found := re.fullmatch(r"max-pool (\d+)", text):
        return nn.MaxPool2d(int(found.group(1)))
    if found := re.fullmatch(r"tied (\d+): \[(.*)\]", text):
        return Tied(int(found.group(1)), nn.Sequential(*map(layer, found.group(2).split(", "))))
    if text == "relu":
        return nn.ReLU()
    if text == "flatten":
        return nn.Flatten()
    raise ValueError(f"Cannot build layer '{text}'")


class Siamese(nn.Module):
    """Both images pass through the body side by side; the head decides what the tail reads."""

    def __init__(self, body, head, tail):
        super().__init__()
        self.body = nn.Sequential(*map(layer, body))
        self.head = head
        self.tail = nn.Sequential(*map(layer, tail))

    def forward(self, images):
        """Takes all first images, then all second; returns (digit logits, target logits)."""
        digits = self.body(images)
        if self.head == "ARITHMETIC":
            return digits, None
        read = digits
        if self.head == "SOFTMAX":
            read = F.softmax(digits, 1)
        elif self.head == "ARGMAX":
            read = F.one_hot(digits.detach().argmax(1), digits.shape[1]).float()
        first, second = read.chunk(2)
        return digits, self.tail(torch.cat((first, second), 1))


class Split:
    """Pairs in memory."""

    def __init__(self, folder, name, shape):
        images = torch.from_numpy(np.fromfile(folder / f"{name}-images.f32", "<f4"))
        digits = torch.from_numpy(np.fromfile(folder / f"{name}-digits.i32", "<i4")).long()
        targets = torch.from_numpy(np.fromfile(folder / f"{name}-targets.i32", "<i4")).long()
        self.targets = targets
        self.images = images.view(len(targets), 2, *shape)
        self.digits = digits.view(len(targets), 2)

    def batch(self, rows):
        images = self.images[rows].transpose(0, 1).flatten(0, 1)
        return images, self.digits[rows].t().flatten(), self.targets[rows]


class Task:
    """One training, as the pipeline asked for it, and what the pipeline's engine answered."""

    def __init__(self, folder):
        folder = Path(folder)
        self.spec = json.loads((folder / "task.json").read_text())
        if self.spec["mix"] != "SUM":
            raise ValueError("Cannot compare models that toss coins")
        shape = tuple(int(n) for n in re.findall(r"\d+", self.spec["input"]))
        self.train_pairs = Split(folder, "train", shape)
        self.validation = Split(folder, "validation", shape)
        orders = np.fromfile(folder / "orders.i32", "<i4").astype(np.int64)
        self.orders = torch.from_numpy(orders).view(self.spec["epochs"], -1)
        self.initial = read_safetensors(folder / "initial.safetensors")
        self.curves = {(epoch, split, metric): v for epoch, split, metric, v in self.spec["curves"]}

    def steps(self):
        return self.spec["epochs"] * -(-self.orders.shape[1] // self.spec["batch"])

    def network(self):
        """Returns the network with the initial weights of the pipeline."""
        spec = self.spec
        network = Siamese(spec["body"], spec["head"], spec["tail"])
        count = sum(p.numel() for p in network.parameters())
        if count != spec["parameters"]:
            raise ValueError(f"Cannot compare {count} parameters with {spec['parameters']}")
        # A tied layer's modules sit one level deeper here.
        own = network.state_dict()
        network.load_state_dict(
            {name: self.initial[name.replace(".layers.", ".")].view_as(own[name]) for name in own}
        )
        return network

    def loss(self, outputs, digits, targets):
        digit_logits, target_logits = outputs
        terms = []
        if self.spec["target"]:
            terms.append(self.spec["target"] * F.cross_entropy(target_logits, targets))
        if self.spec["digit"]:
            terms.append(self.spec["digit"] * F.cross_entropy(digit_logits, digits))
        return sum(terms[1:], terms[0])

    def train(self):
        """Trains; returns seconds, seconds of the processor, and the curves."""
        start, cpu_start = time.perf_counter(), time.process_time()
        spec = self.spec
        network = self.network()
        if "TAIL" in spec["frozen"]:
            network.tail.requires_grad_(False)
        optimizer = torch.optim.Adam(
            [p for p in network.parameters() if p.requires_grad],
            lr=spec["learning_rate"],
            betas=(spec["beta1"], spec["beta2"]),
            eps=spec["epsilon"],
        )
        curves = {}
        for epoch, order in enumerate(self.orders, 1):
            tally = Tally(network)
            for rows in order.split(spec["batch"]):
                images, digits, targets = self.train_pairs.batch(rows)
                outputs = network(images)
                loss = self.loss(outputs, digits, targets)
                tally.add(loss.detach(), outputs, digits, targets)
                optimizer.zero_grad(set_to_none=True)
                loss.backward()
                optimizer.step()
            tally.write(curves, epoch, "train")
            with torch.no_grad():
                tally = Tally(network)
                for rows in torch.arange(len(self.validation.targets)).split(EVALUATION_BATCH):
                    images, digits, targets = self.validation.batch(rows)
                    outputs = network(images)
                    tally.add(self.loss(outputs, digits, targets), outputs, digits, targets)
                tally.write(curves, epoch, "validation")
        return time.perf_counter() - start, time.process_time() - cpu_start, curves


class Tally:
    """Sums over the batches of an epoch."""

    def __init__(self, network):
        self.arithmetic = network.head == "ARITHMETIC"
        self.reads_digits = any(True for _ in network.body.parameters())
        self.loss = self.correct = self.correct_digits = 0
        self.pairs = 0

    def add(self, loss, outputs, digits, targets):
        digit_logits, target_logits = (o if o is None else o.detach() for o in outputs)
        self.loss += loss * len(targets)
        self.pairs += len(targets)
        if self.reads_digits:
            read = digit_logits.argmax(1)
            self.correct_digits += (read == digits).sum()
        if self.arithmetic:
            first, second = read.chunk(2)
            predicted = first <= second
        else:
            predicted = target_logits.argmax(1)
        self.correct += (predicted == targets).sum()

    def write(self, curves, epoch, split):
        curves[epoch, split, "loss"] = float(self.loss) / self.pairs
        curves[epoch, split, "accuracy"] = float(self.correct) / self.pairs
        if self.reads_digits:
            curves[epoch, split, "digit_accuracy"] = float(self.correct_digits) / (2 * self.pairs)


def read_safetensors(file):
    data = file.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, tensor in header.items():
        begin, end = (8 + length + offset for offset in tensor["data_offsets"])
        values = np.frombuffer(data[begin:end], "<f4").reshape(tensor["shape"])
        tensors[name] = torch.from_numpy(values.copy())
    return tensors
