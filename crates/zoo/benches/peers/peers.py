"""Compares speed with PyTorch: the same architectures, batches and images, in alternating windows.

    python3 -m pip install -r crates/zoo/benches/peers/requirements.txt
    python3 crates/zoo/benches/peers/peers.py [--threads 2] [--rounds 5] [--only NADE-500] [--native]

`--what naive` compares the fast sampler of genbench with its full pass per pixel, without PyTorch.

Prints a Markdown table: median images per second of both programs, and the ratio with a 90% bootstrap interval of the
median over rounds. Rounds are interleaved, so that a slow phase of the machine affects both programs. Parameter counts
must agree. Sampling takes one round, because PyTorch needs minutes: it makes a full pass per pixel for models without a
recursion.
"""

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time

import torch

from models import MODELS, SIDE, parameters_in_use

ONES = 0.13  # share of ones in binarized MNIST


def build(native):
    """Builds the genbench process and returns its path."""
    env = dict(os.environ)
    if native:
        env["RUSTFLAGS"] = "-C target-cpu=native"
        env["CARGO_TARGET_DIR"] = os.path.join(env.get("CARGO_TARGET_DIR", "target"), "native")
    command = ["cargo", "bench", "--workspace", "--bench", "peers", "--no-run", "--message-format", "json"]
    lines = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    for line in map(json.loads, lines):
        if line.get("target", {}).get("name") == "peers" and line.get("executable"):
            return line["executable"]
    sys.exit("cargo named no executable for the bench `peers`")


class Ours:
    def __init__(self, executable, settings, images, batch, threads):
        command = [executable, json.dumps(settings), images, str(SIDE), str(batch)]
        # As in a worker: memory that a step frees is kept for the next step.
        env = {"MIMALLOC_PURGE_DELAY": "60000", **os.environ, "RAYON_NUM_THREADS": str(threads)}
        self.child = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.parameters = int(self.child.stdout.readline())

    def window(self, what, seconds):
        self.child.stdin.write(f"{what} {seconds}\n")
        self.child.stdin.flush()
        images, took = self.child.stdout.readline().split()
        return float(images) / float(took)

    def close(self):
        self.child.stdin.close()
        self.child.wait()


class Torch:
    def __init__(self, make, images, batch):
        torch.manual_seed(0)
        self.model, self.images, self.batch, self.at = make(), images, batch, 0
        self.adam = torch.optim.Adam(self.model.parameters(), lr=1e-3)
        self.parameters = parameters_in_use(self.model)
        methods = {"evaluate": ("log_density", "features", "translate"), "sample": ("sample",)}
        has = {what: [name for name in names if hasattr(self.model, name)] for what, names in methods.items()}
        self.methods = {what: getattr(self.model, names[0]) for what, names in has.items() if names}

    def can(self, what):
        """Whether the model supports this kind of work: a GAN has nothing to evaluate."""
        return what == "train" or what in self.methods

    def next(self):
        self.at = (self.at + self.batch) % (len(self.images) - self.batch)
        return self.images[self.at : self.at + self.batch]

    def train(self):
        if hasattr(self.model, "step"):
            return self.model.step(self.next())
        self.adam.zero_grad()
        loss = self.model.loss(self.next())
        loss.backward()
        self.adam.step()
        return loss.item()

    @torch.no_grad()
    def evaluate(self):
        return self.methods["evaluate"](self.next())

    @torch.no_grad()
    def sample(self):
        return self.methods["sample"](self.batch)

    def window(self, what, seconds):
        self.model.train(what == "train")
        start, done = time.perf_counter(), 0
        while time.perf_counter() - start < seconds:
            getattr(self, what)()
            done += self.batch
        return done / (time.perf_counter() - start)


def interval(ratios):
    """Returns the 90% bootstrap interval of the median over rounds."""
    draw = random.Random(0)
    medians = sorted(statistics.median(draw.choices(ratios, k=len(ratios))) for _ in range(1000))
    return medians[50], medians[949]


def row(name, what, ours, theirs, rounds, seconds):
    """Measures one kind of work and prints a line of the table."""
    if rounds > 1:
        ours.window(what, seconds / 2), theirs.window(what, seconds / 2)
    pairs = []
    for number in range(rounds):
        sides = [ours, theirs] if number % 2 == 0 else [theirs, ours]
        speed = {side: side.window(what, seconds) for side in sides}
        pairs.append((speed[ours], speed[theirs]))
    mine, other = (statistics.median(side) for side in zip(*pairs))
    print_row(name, what, mine, other, [a / b for a, b in pairs])


def naive(name, ours, rounds, seconds):
    """Compares the fast sampler of genbench with its full pass per pixel."""
    pairs = [(ours.window("sample", seconds), ours.window("naive", seconds)) for _ in range(rounds)]
    fast, slow = (statistics.median(side) for side in zip(*pairs))
    print_row(name, "sample, compared with naive", fast, slow, [a / b for a, b in pairs])


def print_row(name, what, mine, other, ratios):
    low, high = interval(ratios)
    range_ = f" ({low:.2f} to {high:.2f})" if len(ratios) > 1 else ", one round"
    print(f"| {name} | {what} | {mine:,.0f} | {other:,.{0 if other > 10 else 2}f} |"
          f" {statistics.median(ratios):.2f}{range_} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="length of each window in seconds")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--only", action="append", choices=list(MODELS))
    parser.add_argument("--what", action="append", choices=["train", "evaluate", "sample", "naive"])
    parser.add_argument("--native", action="store_true", help="build genbench with -C target-cpu=native")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    executable = build(options.native)
    torch.manual_seed(1)
    images = (torch.rand(4096, SIDE * SIDE) < ONES).float()
    print(f"PyTorch {torch.__version__} on the CPU, {options.threads} threads on both sides, batch {options.batch},"
          f" {SIDE}x{SIDE} binary images with {ONES:.0%} ones, {options.rounds} rounds of {options.seconds} s,"
          f" {'native' if options.native else 'default'} build, {platform.machine()}\n")
    print("| model | work | genbench, images/s | PyTorch, images/s | ratio |\n|---|---|---:|---:|---:|")
    with tempfile.NamedTemporaryFile(suffix=".f32") as file:
        file.write(images.numpy().tobytes())
        file.flush()
        for name, (settings, make) in MODELS.items():
            if options.only and name not in options.only:
                continue
            theirs = Torch(make, images, options.batch)
            ours = Ours(executable, settings, file.name, options.batch, options.threads)
            if ours.parameters != theirs.parameters:
                sys.exit(f"{name}: {ours.parameters} parameters in genbench, {theirs.parameters} in PyTorch")
            for what in filter(theirs.can, options.what or ["train", "evaluate", "sample"]):
                if what == "naive":
                    naive(name, ours, options.rounds, options.seconds)
                    continue
                rounds = 1 if what == "sample" else options.rounds
                row(name, what, ours, theirs, rounds, options.seconds)
            ours.close()


if __name__ == "__main__":
    main()
