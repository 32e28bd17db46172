"""The trainings that TaskFiles.java wrote down, trained again with PyTorch.

Reads requests as JSON, one a line, and answers each with a line of JSON; see `main`.
"""

import contextlib
import itertools
import json
import platform
import struct
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

TRIAL_STEPS = 30


class AnyNorm(nn.BatchNorm2d):
    """Batch normalisation of images or vectors."""

    def _check_input_dim(self, x):
        pass


class SplitNorm(AnyNorm):
    """Batch normalisation of the first images by themselves, then of the second ones."""

    def forward(self, x):
        if not self.training:
            return super().forward(x)
        return torch.cat([super(SplitNorm, self).forward(half) for half in x.chunk(2)])


class Repeat(nn.Module):
    """The same layers several times over."""

    def __init__(self, times, layers):
        super().__init__()
        self.times = times
        self.layers = layers

    def forward(self, x):
        for _ in range(self.times):
            x = self.layers(x)
        return x


class Residual(nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.layers = layers

    def forward(self, x):
        return x + self.layers(x)


class Builder:
    """Makes modules of layers, with the weights of the same name."""

    def __init__(self, tensors, two_passes):
        self.tensors = tensors
        self.two_passes = two_passes
        self.unused = set(tensors)
        self.shared = {}  # by name: what the first of two bodies has made

    def part(self, layers, part, branch=0, stacked=False):
        """Returns the module of a whole part.

        branch -- 1 or 2 where each image has layers of its own
        stacked -- whether the first and the second images come together
        """
        return self.list(layers["layers"], (part, branch, ""), stacked)

    def list(self, layers, name, stacked):
        modules = []
        for i, layer in enumerate(layers):
            # What these make is read by nothing else, and not by their own way back.
            fresh = i > 0 and layers[i - 1]["kind"] in ("Conv", "Linear", "BatchNorm", "MaxPool")
            part, branch, path = name
            modules.append(self.layer(layer, (part, branch, f"{path}.{i}"), stacked, fresh))
        return nn.Sequential(*modules)

    def layer(self, layer, name, stacked, fresh):
        match layer["kind"]:
            case "Conv":
                conv = nn.Conv2d(
                    layer["in"], layer["out"], layer["kernel"], padding=layer["padding"]
                )
                return self.loaded(conv, name)
            case "Linear":
                return self.loaded(nn.Linear(layer["in"], layer["out"]), name)
            case "BatchNorm":
                alone = self.two_passes and name[0] == "body"
                split = stacked and layer["statistics"] == "EACH_IMAGE" and not alone
                norm = SplitNorm if split else AnyNorm
                return self.loaded(norm(layer["channels"]), name)
            case "MaxPool":
                return nn.MaxPool2d(layer["window"])
            case "Relu":
                return nn.ReLU(inplace=fresh)
            case "LeakyRelu":
                return nn.LeakyReLU(0.01, inplace=fresh)
            case "Sigmoid":
                return nn.Sigmoid()
            case "Tanh":
                return nn.Tanh()
            case "Dropout":
                return nn.Dropout(layer["rate"])
            case "Flatten":
                return nn.Flatten()
            case "Tied":
                return Repeat(layer["times"], self.list(layer["layers"], name, stacked))
            case "Residual":
                return Residual(self.list(layer["layers"], name, stacked))
            case "Shared":
                return self.common(layer, name, stacked)
        raise ValueError(f"Cannot build layer {layer}")

    def common(self, layer, name, stacked):
        """Returns the layers that both bodies have; the second one's own are dead if it has any."""
        part, branch, path = name
        if branch != 2:
            self.shared[path] = self.list(layer["layers"], (part, 0, path), stacked)
        elif layer["spare"] != "NONE":
            dead = tuple(f"{part}2{path}.{i}." for i in range(len(layer["layers"])))
            self.unused = {tensor for tensor in self.unused if not tensor.startswith(dead)}
        return self.shared[path]

    def loaded(self, module, name):
        part, branch, path = name
        prefix = f"{part}{branch or ''}{path}."
        with torch.no_grad():
            for key, value in module.state_dict().items():
                if key != "num_batches_tracked":
                    value.copy_(self.tensors[prefix + key])
                    self.unused.discard(prefix + key)
        return module


class Siamese(nn.Module):
    """A network as the pipeline has it.

    Images come interleaved, pair by pair, where one body may read them all at once; else all first
    ones before all second ones.
    """

    def __init__(self, spec, tensors, options):
        super().__init__()
        builder = Builder(tensors, options["two_passes"])
        self.branches = spec["branches"]
        self.head = spec["head"]
        self.two_passes = options["two_passes"]
        self.interleaved = interleaved(spec)
        self.first_digits = self.second_digits = None
        if self.branches == "SEPARATE":
            self.body = builder.part(spec["body"], "body", 1)
            self.second_body = builder.part(spec["body"], "body", 2)
        else:
            self.body = builder.part(spec["body"], "body", 0, self.branches == "SHARED")
        if spec["digitHead"]:
            layers = spec["digitHead"]["layers"]
            if spec["digitHead"]["branches"] == "SEPARATE":
                self.first_digits = builder.part(layers, "digits", 1)
                self.second_digits = builder.part(layers, "digits", 2)
            else:
                self.first_digits = builder.part(layers, "digits", 0, True)
        self.tail = builder.part(spec["tail"], "tail")
        if builder.unused:
            raise ValueError(f"Nothing reads the weights {sorted(builder.unused)}")

    def part(self, name):
        """Returns the modules of a part that can be frozen."""
        if name == "TAIL":
            return [self.tail]
        return [self.body, self.second_body] if self.branches == "SEPARATE" else [self.body]

    def forward(self, images, wants_digits, wants_target):
        """Returns the logits of the digits and of the comparison, None where they aren't wanted."""
        if self.branches == "MERGED":
            return None, self.tail(self.body(images))
        if self.branches == "SEPARATE":
            first, second = images.chunk(2)
            outputs = torch.cat((self.body(first), self.second_body(second)))
        elif self.two_passes:
            outputs = torch.cat([self.body(half) for half in images.chunk(2)])
        else:
            outputs = self.body(images)
        digits = None
        if wants_digits:
            if self.second_digits:
                first, second = outputs.chunk(2)
                digits = torch.cat((self.first_digits(first), self.second_digits(second)))
            else:
                digits = self.first_digits(outputs) if self.first_digits else outputs
        if not wants_target or self.head.endswith("ARITHMETIC"):
            return digits, None
        if self.head == "SOFTMAX":
            outputs = F.softmax(outputs, 1)
        elif self.head == "ARGMAX":
            classes = outputs.shape[1]
            outputs = F.one_hot(outputs.detach().argmax(1), classes).to(outputs.dtype)
        return digits, self.tail(self.joined(outputs.flatten(1)))

    def joined(self, outputs):
        """Returns what is known of both images of a pair, side by side."""
        if self.interleaved:
            return outputs.reshape(outputs.shape[0] // 2, -1)
        return torch.cat(outputs.chunk(2), 1)

    def halves(self, outputs):
        if self.interleaved:
            return outputs[0::2], outputs[1::2]
        return outputs.chunk(2)


def interleaved(spec):
    """Returns whether nothing asks for the first images apart from the second ones."""
    heads = spec["digitHead"]
    return spec["branches"] == "MERGED" or (
        spec["branches"] == "SHARED"
        and not (heads and heads["branches"] == "SEPARATE")
        and not normalises_each(spec["body"], heads)
    )


def normalises_each(*layers):
    return '"EACH_IMAGE"' in json.dumps(layers)


class Split:
    """Pairs in memory: images [sets, pairs, 2, ...], digits [sets, pairs, 2], targets."""

    def __init__(self, folder, name, pairs, shape):
        def read(what, kind):
            return torch.from_numpy(np.fromfile(folder / f"{name}-{what}", kind))

        self.targets = read("targets.i32", "<i4").long().view(-1, pairs)
        self.digits = read("digits.i32", "<i4").long().view(-1, pairs, 2)
        self.images = read("images.f32", "<f4").view(-1, pairs, 2, *shape)

    def batches(self, epoch, order, size, network, layout):
        """Yields (images, digits, targets) of each batch; gathered together, then cut."""
        which = min(epoch, len(self.images) - 1)
        images, digits = self.images[which], self.digits[which]
        shape = images.shape[2:]
        if network.interleaved:
            images = images[order].reshape(-1, *shape)
            digits = digits[order].flatten()
        else:
            index = torch.cat([torch.cat((2 * o, 2 * o + 1)) for o in order.split(size)])
            images = images.view(-1, *shape)[index]
            digits = digits.view(-1)[index]
        rows = 2 * size
        if network.branches == "MERGED":
            images = images.view(len(order), -1, *shape[1:])
            rows = size
        images = images.to(network.dtype)
        if images.dim() == 4:
            images = images.contiguous(memory_format=layout)
        targets = self.targets[which][order]
        return zip(images.split(rows), digits.split(2 * size), targets.split(size))


DEFAULT = {
    "channels_last": False,
    "onednn": True,
    "two_passes": False,
    "optimizer": "default",
    "double": False,  # to tell what rounding does
}


class Task:
    """One training, as the pipeline asks for it."""

    def __init__(self, folder):
        folder = Path(folder)
        self.spec = json.loads((folder / "task.json").read_text())
        self.epochs = self.spec["epochs"]
        self.tensors = read_safetensors(folder / "initial.safetensors")
        shape = self.spec["network"]["input"]
        shape = (
            (shape["channels"], shape["height"], shape["width"])
            if shape["kind"] == "Image"
            else (shape["size"],)
        )
        orders = torch.from_numpy(np.fromfile(folder / "orders.i32", "<i4").astype(np.int64))
        self.orders = orders.view(self.epochs, -1)
        losses = np.fromfile(folder / "losses.f64", "<f8")
        self.losses = losses.reshape(self.epochs, -1, 2).tolist()
        self.train_pairs = Split(folder, "train", self.orders.shape[1], shape)
        held_out = (folder / "validation-targets.i32").stat().st_size // 4
        self.validation = Split(folder, "validation", held_out, shape) if held_out else None
        yes = torch.ones(10, 10).triu()  # [i, j]: whether i <= j
        self.yes, self.no = yes, 1 - yes

    def is_convolutional(self):
        return '"Conv"' in json.dumps(self.spec["network"])

    def network(self, options):
        network = Siamese(self.spec["network"], self.tensors, options)
        for part in self.spec["frozen"]:
            for module in network.part(part):
                module.requires_grad_(False)
        network.dtype = torch.double if options["double"] else torch.float
        return network.to(dtype=network.dtype, memory_format=layout(options))

    def set_training(self, network):
        network.train()
        for part in self.spec["frozen"]:
            for module in network.part(part):
                module.eval()

    def optimizer(self, network, options):
        spec = self.spec["optimizer"]
        parameters = [p for p in network.parameters() if p.requires_grad]
        way = {} if options["optimizer"] == "default" else {options["optimizer"]: True}
        if spec["kind"] == "Adam":
            return torch.optim.Adam(
                parameters,
                lr=spec["learningRate"],
                betas=(spec["beta1"], spec["beta2"]),
                eps=spec["epsilon"],
                **way,
            )
        return torch.optim.SGD(
            parameters, lr=spec["learningRate"], momentum=spec["momentum"], **way
        )

    def loss(self, network, images, digits, targets, target_weight, digit_weight):
        soft = network.head == "SOFT_ARITHMETIC"
        digit_logits, logits = network(images, digit_weight != 0 or soft, target_weight != 0)
        loss = 0
        if digit_weight:
            read = digit_logits
            if self.spec["digit-reading"] == "DOUBLE_SOFTMAX":
                read = F.softmax(read, 1)
            loss = digit_weight * F.cross_entropy(read, digits)
        if target_weight and soft:
            loss = loss + target_weight * self.soft_loss(network, digit_logits, targets)
        elif target_weight and logits is not None and logits.shape[1] == 1:
            loss = loss + target_weight * F.binary_cross_entropy_with_logits(
                logits.squeeze(1), targets.to(logits.dtype)
            )
        elif target_weight and logits is not None:
            loss = loss + target_weight * F.cross_entropy(logits, targets)
        return loss

    def soft_loss(self, network, logits, targets):
        """Returns the mean of -log P(target), where P(yes) is that of digit 1 <= digit 2."""
        first, second = network.halves(F.softmax(logits, 1))
        yes = ((first @ self.yes.to(first.dtype)) * second).sum(1)
        no = ((first @ self.no.to(first.dtype)) * second).sum(1)
        return -torch.where(targets == 1, yes, no).clamp_min(1e-30).log().mean()

    def train(self, options):
        """Trains; returns [loss of training, loss of validation] of each epoch."""
        with kernels(options):
            network = self.network(options)
            optimizer = self.optimizer(network, options)
            losses = []
            for epoch in range(self.epochs):
                if self.spec["restarts"][epoch]:
                    optimizer = self.optimizer(network, options)
                for group in optimizer.param_groups:
                    group["lr"] = self.spec["rates"][epoch]
                self.set_training(network)
                total = 0
                for batch, weights in self.steps(epoch, network, options):
                    total += self.step(network, optimizer, batch, weights)
                losses.append([total / self.orders.shape[1]])
                if self.validation:
                    losses[-1].append(self.validate(network, options))
            return losses

    def steps(self, epoch, network, options):
        batches = self.train_pairs.batches(
            epoch, self.orders[epoch], self.spec["batch"], network, layout(options)
        )
        return zip(batches, self.losses[epoch])

    def step(self, network, optimizer, batch, weights):
        """Learns a batch; returns the sum of its pairs' losses."""
        optimizer.zero_grad(set_to_none=True)
        loss = self.loss(network, *batch, *weights)
        if loss.requires_grad:  # Not where a coin picks what only a frozen part could learn.
            loss.backward()
            optimizer.step()
        return loss.item() * len(batch[2])

    def validate(self, network, options):
        network.eval()
        pairs = self.validation.targets.shape[1]
        with torch.inference_mode():
            batches = self.validation.batches(
                0, torch.arange(pairs), pairs, network, layout(options)
            )
            (batch,) = batches
            return float(self.loss(network, *batch, *self.spec["validation-loss"]))

    def tune(self):
        """Returns the fastest options, and the seconds of the processor that each try took."""
        tried = {}
        best = DEFAULT
        first = {"onednn": [True, False], "channels_last": [False, True]}
        if self.is_convolutional():
            best = self.fastest(best, first, tried)
        network = self.spec["network"]
        if network["branches"] == "SHARED" and normalises_each(network["body"]):
            best = self.fastest(best, {"two_passes": [False, True]}, tried)
        return self.fastest(best, {"optimizer": ["default", "foreach", "fused"]}, tried), tried

    def fastest(self, start, choices, tried):
        for values in itertools.product(*choices.values()):
            options = {**start, **dict(zip(choices, values))}
            key = json.dumps(options)
            if key not in tried:
                try:
                    tried[key] = self.trial(options)
                except (RuntimeError, TypeError, ValueError) as e:
                    print(f"ci/bench: PyTorch cannot do {key}: {e}", file=sys.stderr)
                    tried[key] = float("inf")
        fixed = {k: v for k, v in start.items() if k not in choices}
        rivals = [k for k in tried if fixed.items() <= json.loads(k).items()]
        return json.loads(min(rivals, key=tried.get))

    def trial(self, options):
        """Returns the seconds that some steps take at best."""
        with kernels(options):
            network = self.network(options)
            optimizer = self.optimizer(network, options)
            self.set_training(network)
            steps = list(itertools.islice(self.steps(0, network, options), TRIAL_STEPS))
            times = []
            for _ in range(4):
                start = time.process_time()
                for batch, weights in steps:
                    self.step(network, optimizer, batch, weights)
                times.append(time.process_time() - start)
            return min(times)


def layout(options):
    return torch.channels_last if options["channels_last"] else torch.contiguous_format


def kernels(options):
    if options["onednn"]:
        return contextlib.nullcontext()
    return torch.backends.mkldnn.flags(enabled=False)


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


def answer(request, tasks):
    """Does what a request asks for.

    check -- trains a task, with "options" in place of the defaults: the losses of its first epoch
    tune -- finds the fastest options for a task
    load -- reads tasks, to be trained one after the other with their options
    train -- trains what was loaded, so many times
    """
    if request["do"] == "check":
        options = {**DEFAULT, **request.get("options", {})}
        return {"losses": Task(request["task"]).train(options)[0]}
    if request["do"] == "tune":
        options, tried = Task(request["task"]).tune()
        return {"options": options, "tried": tried}
    if request["do"] == "load":
        tasks[:] = [(Task(t), o) for t, o in zip(request["tasks"], request["options"])]
        return {}
    if request["do"] == "train":
        cpu, wall = time.process_time(), time.perf_counter()
        for _ in range(request["times"]):
            losses = [task.train(options) for task, options in tasks]
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        return {"wall": wall, "cpu": cpu, "losses": losses}
    raise ValueError(f"Cannot do {request['do']}")


def main():
    torch.set_num_threads(1)
    # Said of GPUs when oneDNN is switched off.
    warnings.filterwarnings("ignore", message="TF32 acceleration on top of oneDNN")
    tasks = []
    ready = {"torch": torch.__version__, "python": platform.python_version()}
    print(json.dumps({**ready, "start": time.process_time()}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line), tasks)), flush=True)


if __name__ == "__main__":
    main()
