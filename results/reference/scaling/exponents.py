#!/usr/bin/env python3
"""How the time of an image grows with the batch and with the width, from a run of experiments/scaling.yaml.

    python3 results/reference/scaling/exponents.py results/scaling/trials.csv

Prints images per second by batch and width, and for each model and window the exponents of a plane of least squares
through log(seconds per image) over log(batch) and log(width), with their standard errors. No packages are needed.
"""

import csv
import math
import re
import sys

WINDOWS = ["train_images_per_s", "evaluate_images_per_s", "sample_images_per_s"]


def read(path):
    for row in csv.DictReader(open(path)):
        label = row["variant"]
        batch = int(re.search(r"batch_size=(\d+)", label)[1])
        width = int(re.search(r"hidden=(\d+)", label)[1])
        for window in WINDOWS:
            if row.get(window):
                yield row["model"], window, batch, width, float(row[window])


def plane(points):
    """Slopes and standard errors of y over x1, x2 by the normal equations."""
    n = len(points)
    means = [sum(p[i] for p in points) / n for i in range(3)]
    a, b, y = ([p[i] - means[i] for p in points] for i in range(3))
    dot = lambda u, v: sum(s * t for s, t in zip(u, v))
    aa, bb, ab, ay, by = dot(a, a), dot(b, b), dot(a, b), dot(a, y), dot(b, y)
    det = aa * bb - ab * ab
    slopes = [(bb * ay - ab * by) / det, (aa * by - ab * ay) / det]
    rest = sum((t - slopes[0] * u - slopes[1] * v) ** 2 for u, v, t in zip(a, b, y)) / (n - 3)
    return slopes, [math.sqrt(rest * bb / det), math.sqrt(rest * aa / det)]


def main():
    rows = list(read(sys.argv[1]))
    models = list(dict.fromkeys(row[0] for row in rows))
    batches, widths = (sorted({row[i] for row in rows}) for i in (2, 3))
    print("| model | images/s | batch | " + " | ".join(f"width {w}" for w in widths) + " |")
    print("|---|---|---:|" + "---:|" * len(widths))
    speed = {row[:4]: row[4] for row in rows}
    for model in models:
        for window in WINDOWS:
            for batch in batches:
                cells = [speed.get((model, window, batch, width)) for width in widths]
                if any(cells):
                    told = " | ".join("" if cell is None else f"{cell:,.0f}" for cell in cells)
                    print(f"| {model} | {window.split('_')[0]} | {batch} | {told} |")
    print("\n| model | images/s | time per image ~ batch^ | ~ width^ |\n|---|---|---:|---:|")
    for model in models:
        for window in WINDOWS:
            points = [(math.log(b), math.log(w), -math.log(s)) for m, k, b, w, s in rows if (m, k) == (model, window)]
            if len(points) > 3:
                slopes, errors = plane(points)
                told = " | ".join(f"{slope:.2f} ± {error:.2f}" for slope, error in zip(slopes, errors))
                print(f"| {model} | {window.split('_')[0]} | {told} |")


main()
