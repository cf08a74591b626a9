#!/usr/bin/env python3
"""Measures what the regression gate finds: deliberate faults (power), and changes of bits alone (false alarms).

    cargo build --release -p genbench --features faults
    python3 results/reference/calibration/calibrate.py                     run what is missing, write tables and page
    python3 results/reference/calibration/calibrate.py --only nade_loss    run this fault alone
    python3 results/reference/calibration/calibrate.py --tables            tables and page of what has run
    python3 results/reference/calibration/calibrate.py --advised           power at the seeds that `baseline save` advises
    python3 results/reference/calibration/calibrate.py --laws              the laws that faulty models break
    python3 results/reference/calibration/calibrate.py --speed             duels of a build with itself, faulty and sound
    python3 results/reference/calibration/calibrate.py --speed --busy 1    the same while another process computes
    python3 results/reference/calibration/calibrate.py --counters          exact counts of faulty models
    python3 results/reference/calibration/calibrate.py --check             the same in small, as a test (two minutes)

A fault that concerns one model runs its trials alone: the others are links to those of the faultless run. Finished trials are
never run again, so the script can be stopped at any time. It uses the standard library alone.
"""

import argparse
import collections
import csv
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import stat
import statistics
import subprocess
import sys
import time

import page

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[2]
NAME = "calibration"
GRID = TOP / "experiments" / f"{NAME}.yaml"
SEEDS = 16
FAULTY_SEEDS = 8
# Pairs of disjoint sets of sound seeds, for each number of seeds.
PAIRS = 90
# Sets of seeds for each fault and model at the advised number of seeds, and the largest number with a pool of twice as many.
ADVISED_SETS = 20
ADVISED_POOL = 100
ALL = ("markov", "nade", "made", "pixel_cnn", "vae", "gan")
TRAINED = ALL[1:]

# The models that each fault concerns. The last two are controls, which change bits and nothing else.
CONCERNS = {
    "learning_rate_10": TRAINED,
    "learning_rate_20": TRAINED,
    "hidden_unused": ("nade", "made", "vae", "gan"),
    "steps_lost": TRAINED,
    "same_order": TRAINED,
    "validation_in_training": ALL,
    "nade_loss": ("nade",),
    "made_loss": ("made",),
    "vae_kl": ("vae",),
    "gan_loss": ("gan",),
    "no_bias": ("nade", "made", "vae", "gan"),
    "dropout_in_evaluation": ("nade", "made", "vae", "gan"),
    "made_mask_narrow": ("made",),
    "made_mask_leak": ("made",),
    "pixel_cnn_mask": ("pixel_cnn",),
    "weight_decay": TRAINED,
    "clipping": TRAINED,
    "last_batch": ("markov",),
    "initial_weights": TRAINED,
    "optimiser_reset": TRAINED,
    "sum_order": ALL,
    "scalar_kernels": ALL,
}
CONTROLS = ("sum_order", "scalar_kernels")
COUNTED_GRID = TOP / "experiments" / "counters.yaml"
SPEED_FAULTS = ("slow_step_3", "slow_step_10", "slow_evaluation_10")


class Calibration:
    """Folders and commands of the calibration."""

    def __init__(self, genbench, work, jobs):
        self.genbench, self.work, self.jobs, self.grid = genbench, work, jobs, GRID

    def command(self, arguments, fault=None, allowed=(0,)):
        """Runs genbench, and returns its standard output."""
        environment = {key: value for key, value in os.environ.items() if key != "GENBENCH_FAULT"}
        if fault:
            environment["GENBENCH_FAULT"] = fault
        done = subprocess.run([self.genbench, *arguments], capture_output=True, text=True, env=environment)
        if done.returncode not in allowed:
            sys.exit(f"genbench {' '.join(map(str, arguments))}: exit code {done.returncode}\n{done.stderr}")
        return done.stdout

    def folder(self, name):
        """Results of a run, by the name of its fault."""
        return self.work / name

    def is_run(self, name):
        return (self.folder(name) / "finished").exists()

    def run(self, name, seeds, fault=None, concerned=ALL):
        """Runs the grid with `seeds`. Trials of models that a fault does not concern are links to the faultless run."""
        if self.is_run(name):
            return
        results = self.folder(name)
        if fault:
            trials = results / NAME / "trials"
            trials.mkdir(parents=True, exist_ok=True)
            for trial in (self.folder("none") / NAME / "trials").iterdir():
                model = json.loads((trial / "trial.json").read_text())["model"]["name"]
                if model not in concerned and not (trials / trial.name).exists():
                    shutil.copytree(trial, trials / trial.name, copy_function=os.link)
            cache = self.folder("none") / ".cache"
            if cache.exists() and not (results / ".cache").exists():
                shutil.copytree(cache, results / ".cache", copy_function=os.link)
        listed = ",".join(map(str, range(seeds)))
        # 100: a trial that fails, such as one that diverges, is a result.
        self.command(
            ["run", self.grid, "--results", results, "--seeds", listed, "--jobs", self.jobs, "--no-timing", "--quiet"],
            fault,
            (0, 4, 100),
        )
        (results / "finished").touch()
        print(name, "has run", flush=True)

    def subset(self, of, seeds, models=ALL):
        """Results with some seeds and models of a run: its plan without the other trials, and its trials."""
        name = "_".join([*map(str, seeds), *(() if models == ALL else models)])
        if len(name) > 100:
            name = hashlib.sha256(name.encode()).hexdigest()[:16]
        results = self.work / "subsets" / of / name
        grid = results / NAME
        if not grid.exists():
            grid.mkdir(parents=True)
            source = self.folder(of) / NAME
            for file in ("grid.yaml", "grid.json"):
                shutil.copy(source / file, grid / file)
            (grid / "trials").symlink_to(source / "trials")
            plan = json.loads((source / "plan.json").read_text())
            is_in = lambda one: one["model"]["name"] in models and one["seed"] in seeds
            plan["trials"] = [one for one in plan["trials"] if is_in(one)]
            (grid / "plan.json").write_text(json.dumps(plan))
        return results

    def baseline(self, seeds):
        """File of the baseline of some seeds of the faultless run."""
        results = self.subset("none", seeds)
        folder = results / "reference" / NAME / "baselines"
        if not folder.exists():
            self.command(["baseline", "save", NAME, "--results", results])
        return next(folder.iterdir())

    def regress(self, results, baseline):
        """Judgement of the gate on a run."""
        arguments = ["regress", NAME, "--results", results, "--baseline", baseline, "--format", "json"]
        return json.loads(self.command(arguments, allowed=(0, 3, 5, 6)))


def seed_sets(count):
    """Sets of `count` successive seeds of 8, in a circle; all eight are one set."""
    starts = range(FAULTY_SEEDS) if count < FAULTY_SEEDS else range(1)
    return [sorted((start + at) % FAULTY_SEEDS for at in range(count)) for start in starts]


def disjoint_pairs(count, pairs):
    """Pairs of disjoint sets of `count` of the 16 seeds, drawn at random."""
    draw = random.Random(count)
    drawn = (draw.sample(range(SEEDS), 2 * count) for _ in range(pairs))
    return [(sorted(seeds[:count]), sorted(seeds[count:])) for seeds in drawn]


def add(rows, name, kind, seeds, gate, concerned):
    """Adds the judgement of a run to the rows of runs and of figures."""
    run = rows["runs"][name, kind, seeds]
    run["runs"] += 1
    run[gate["result"]] += 1
    for variant in gate["variants"]:
        for figure in variant["figures"]:
            if not figure["gates"]:
                continue
            run["figures"] += 1
            run[f"figures_{figure['verdict']}"] += 1
            model = variant["variant"].split()[0]
            if model in concerned:
                one = rows["figures"][name, variant["variant"], figure["figure"], seeds]
                one["verdicts"].append(figure["verdict"])
                one["losses"].append(figure["loss"])
                one["margin"] = figure["margin"]


def judge(calibration, names):
    """Judgements of all runs that are finished."""
    figures = collections.defaultdict(lambda: {"verdicts": [], "losses": [], "margin": None})
    rows = {"runs": collections.defaultdict(collections.Counter), "figures": figures}
    for name in names:
        if not calibration.is_run(name):
            continue
        kind = "control" if name in CONTROLS else "fault"
        for count in (3, 5, 8):
            for seeds in seed_sets(count):
                gate = calibration.regress(calibration.folder(name), calibration.baseline(seeds))
                add(rows, name, kind, count, gate, CONCERNS[name])
        print(name, "is judged", flush=True)
    for count in (3, 5, 8):
        for before, after in disjoint_pairs(count, PAIRS):
            gate = calibration.regress(calibration.subset("none", after), calibration.baseline(before))
            add(rows, "disjoint_seeds", "control", count, gate, ())
    return rows


def write_tables(rows):
    """Writes runs.csv and figures.csv."""
    verdicts = ("worse", "better", "undecided", "equivalent", "identical")
    with open(HERE / "runs.csv", "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        results = ("worse", "undecided", "no_regression")
        table.writerow(["name", "kind", "seeds", "runs", *results, "figures", *(f"figures_{one}" for one in verdicts)])
        for (name, kind, seeds), row in rows["runs"].items():
            counts = [row[one] for one in ("runs", *results, "figures", *(f"figures_{one}" for one in verdicts))]
            table.writerow([name, kind, seeds, *counts])
    with open(HERE / "figures.csv", "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["name", "variant", "figure", "seeds", "runs", *verdicts, "loss", "margin", "loss_per_margin"])
        for (name, variant, figure, seeds), one in rows["figures"].items():
            losses = [loss for loss in one["losses"] if loss is not None]
            shown = ["", f"{one['margin']:.4g}", ""]
            if losses:
                loss = statistics.mean(losses)
                shown = [f"{value:.4g}" for value in (loss, one["margin"], loss / one["margin"])]
            counts = [one["verdicts"].count(verdict) for verdict in verdicts]
            table.writerow([name, variant, figure, seeds, len(one["verdicts"]), *counts, *shown])


def grid_of(model, path, seeds=SEEDS):
    """Writes the grid with the variant of one model alone, and with `seeds` seeds."""
    head, variants = GRID.read_text().split("variants:\n")
    own = next(one for one in re.split(r"^(?=  - )", variants, flags=re.MULTILINE) if f"name: {model}" in one)
    path.parent.mkdir(parents=True, exist_ok=True)
    head = re.sub(r"^seeds: .*$", f"seeds: {seeds}", head, flags=re.MULTILINE)
    path.write_text(f"{head}variants:\n{own}")


def advised(work, genbench, jobs, models):
    """Judges each fault at the number of seeds that `baseline save` advises for a grid of one model; writes advised.csv."""
    columns = ["name", "variant", "figure", "seeds", "pool", "runs"]
    columns += ["worse", "better", "undecided", "equivalent", "identical", "loss", "margin", "loss_per_margin"]
    path = HERE / "advised.csv"
    known = [row for row in csv.DictReader(open(path)) if row["variant"].split()[0] not in models] if path.exists() else []
    for model in models:
        calibration = Calibration(genbench, work / "advised" / model, jobs)
        calibration.grid = calibration.work / GRID.name
        first = Calibration(genbench, work / "advised" / model / "first", jobs)
        first.grid = first.work / GRID.name
        grid_of(model, first.grid)
        first.run("none", SEEDS)
        advice = first.command(["baseline", "save", NAME, "--results", first.folder("none")])
        found = re.search(r"(\d+) seeds see twice the margin", advice)
        count = int(found[1]) if found else SEEDS
        pool = 2 * count if count <= ADVISED_POOL else count
        grid_of(model, calibration.grid, pool)
        calibration.run("none", pool)
        for name in (name for name, concerned in CONCERNS.items() if model in concerned and name not in CONTROLS):
            calibration.run(name, pool, name, ALL)
            draw = random.Random(0)
            sets = [sorted(draw.sample(range(pool), count)) for _ in range(ADVISED_SETS if pool > count else 1)]
            figures = []
            for seeds in sets:
                gate = calibration.regress(calibration.subset(name, seeds), calibration.baseline(seeds))
                figures += [one for variant in gate["variants"] for one in variant["figures"] if one["gates"]]
            verdicts = [one["verdict"] for one in figures]
            losses = [one["loss"] for one in figures if one["loss"] is not None]
            loss, margin = statistics.mean(losses) if losses else 0.0, figures[0]["margin"]
            counts = [verdicts.count(one) for one in columns[6:11]]
            cells = [name, gate["variants"][0]["variant"], figures[0]["figure"], count, pool, len(sets), *counts]
            cells += [f"{value:.4g}" for value in (loss, margin, loss / margin)]
            known.append(dict(zip(columns, cells)))
            print(*cells, flush=True)
        with open(path, "w", newline="") as file:
            table = csv.DictWriter(file, columns, lineterminator="\n")
            table.writeheader()
            table.writerows(known)


def broken_laws(names):
    """Tests the laws on the models that each fault concerns, and writes laws.csv."""
    command = "cargo test --release -p genbench -p genbench-zoo --features genbench/faults --test laws".split()
    with open(HERE / "laws.csv", "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["name", "model", "broken", "laws"])
        for name in names:
            for model in CONCERNS[name]:
                environment = {**os.environ, "GENBENCH_FAULT": name, "GENBENCH_LAWS_MODEL": model}
                done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, env=environment)
                if "test result:" not in done.stdout:
                    sys.exit(f"{name} {model}: the laws did not run\n{done.stderr}")
                broken = [line.split()[1] for line in done.stdout.splitlines() if line.endswith("... FAILED")]
                table.writerow([name, model, len(broken), " ".join(broken)])
                file.flush()
                print(name, model, len(broken), "laws are broken", flush=True)


def counts(calibration, repeats):
    """Counts of every model and fault, and of `repeats` repetitions without one; writes counters.csv."""

    def counted(name, fault):
        results = calibration.work / "counters" / name
        calibration.command(["run", COUNTED_GRID, "--results", results, "--quiet"], fault, (0, 4, 100))
        rows = csv.DictReader(open(results / COUNTED_GRID.stem / "summary.csv"))
        counts = [row for row in rows if "_alloc" in row["measurement"] and row["mean"]]
        return {(row["model"], row["variant"], row["measurement"]): row["mean"] for row in counts}

    sound = counted("none", None)
    with open(HERE / "counters.csv", "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["name", "variant", "counters", "differing", "example", "sound", "faulty"])
        names = [f"repeat_{at}" for at in range(1, repeats + 1)] + [*CONCERNS, "extra_allocation"]
        for name in names:
            fault = None if name.startswith("repeat_") else name
            faulty = counted(name, fault)
            for variant in dict.fromkeys((model, variant) for model, variant, _ in sound):
                if variant[0] not in CONCERNS.get(name, (variant[0],)):
                    continue
                own = [key for key in sound if key[:2] == variant]
                differing = [key for key in own if faulty.get(key) != sound[key]]
                example = [differing[0][2], sound[differing[0]], faulty.get(differing[0], "")] if differing else [""] * 3
                table.writerow([name, variant[1], len(own), len(differing), *example])
            print(name, "is counted", flush=True)


def duels(calibration, models, budget, repeats, faults, path, margin="0.05"):
    """Times the build against itself, with and without a fault of speed, and adds the duels to the table in `path`."""
    sound = calibration.work / "sound.sh"
    sound.write_text(f'#!/usr/bin/env sh\nunset GENBENCH_FAULT\nexec "{calibration.genbench}" "$@"\n')
    sound.chmod(sound.stat().st_mode | stat.S_IXUSR)
    known = list(csv.DictReader(open(path))) if path.exists() else []
    done = collections.Counter(
        (row["name"], row["variant"], row["margin"]) for row in known if row["window"] == "train"
    )
    columns = ["name", "repeat", "variant", "margin", "window", "blocks", "ratio", "low", "high", "verdict"]
    columns += ["budget_s", "took_s"]
    with open(path, "a" if known else "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        if not known:
            table.writerow(columns)
        for repeat in range(repeats):
            for fault in faults:
                for model in models:
                    results = calibration.subset("none", [0], (model,))
                    variant = json.loads((results / NAME / "plan.json").read_text())["trials"][0]["variant"]
                    if done[fault or "none", variant, margin] > repeat:
                        continue
                    arguments = ["regress", NAME, "--results", results, "--format", "json"]
                    arguments += ["--against-build", sound, "--budget", f"{budget}s", "--speed-margin", margin]
                    began = time.monotonic()
                    duel = json.loads(calibration.command(arguments, fault, (0, 3, 5)))
                    took = f"{time.monotonic() - began:.0f}"
                    for window in duel["variants"][0]["windows"]:
                        numbers = (window["ratio"], *(window["interval"] or ["", ""]))
                        shown = [f"{one:.4f}" if one else "" for one in numbers]
                        cells = [fault or "none", repeat, variant, margin, window["window"], window["blocks"], *shown]
                        table.writerow([*cells, window["verdict"] or "", budget, took])
                    file.flush()
                    print(fault or "none", variant, repeat, "timed", flush=True)


def check(calibration):
    """Repeats a part of the calibration with one model and five seeds, and fails if it comes out differently.

    Speeds of a shared machine may be undecided, but never wrong."""
    calibration.work.mkdir(parents=True, exist_ok=True)
    calibration.grid = calibration.work / GRID.name
    grid_of("nade", calibration.grid)
    wrong = []

    def expect(what, found, wanted):
        print(f"{what}: {found}", flush=True)
        if found not in wanted:
            wrong.append(f"{what}: {found}, expected {' or '.join(wanted)}")

    calibration.run("none", 5)
    for name, wanted in (("nade_loss", "worse"), ("hidden_unused", "worse"), ("sum_order", "no_regression")):
        calibration.run(name, 5, name, ("nade",))
        gate = calibration.regress(calibration.folder(name), calibration.baseline(range(5)))
        expect(f"{name}, 5 seeds", gate["result"], [wanted])
    path = calibration.work / "speed.csv"
    path.unlink(missing_ok=True)
    duels(calibration, ("nade",), 20, 5, (None,), path)
    duels(calibration, ("nade",), 20, 1, ("slow_step_10",), path)
    for row in csv.DictReader(open(path)):
        is_slow = (row["name"], row["window"]) == ("slow_step_10", "train")
        wanted = ["worse", "undecided"] if is_slow else ["equivalent", "undecided"]
        expect(f"{row['name']}, duel {row['repeat']}, {row['window']}", row["verdict"] or "undecided", wanted)
    sys.exit("\n".join(wrong) or 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--genbench", default=TOP / "target" / "release" / "genbench", type=pathlib.Path)
    parser.add_argument("--work", default=TOP / "target" / NAME, type=pathlib.Path, help="folder of the runs")
    parser.add_argument("--jobs", default="2", help="trials at a time")
    parser.add_argument("--only", nargs="*", choices=CONCERNS, default=list(CONCERNS), help="faults to run")
    parser.add_argument("--tables", action="store_true", help="write tables and page, run nothing")
    parser.add_argument("--laws", action="store_true", help="test the laws instead")
    parser.add_argument("--advised", nargs="*", choices=TRAINED, help="judge these models at the advised number of seeds")
    parser.add_argument("--check", action="store_true", help="repeat a part, and fail if it comes out differently")
    parser.add_argument("--speed-margin", default="0.05", help="margin of the duels; that of the gate is 0.05")
    parser.add_argument("--speed", nargs="*", choices=ALL, help="time these models instead")
    parser.add_argument("--counters", nargs="?", const=3, type=int, metavar="REPEATS", help="count instead")
    parser.add_argument("--speed-faults", nargs="*", default=["none", *SPEED_FAULTS], help="`none` or a fault of speed")
    parser.add_argument("--busy", default=0, type=int, metavar="N", help="processes that compute beside the duels")
    parser.add_argument("--budget", default=60, type=int, help="seconds per duel")
    parser.add_argument("--repeats", default=1, type=int, help="duels per model and fault")
    options = parser.parse_args()
    calibration = Calibration(options.genbench.resolve(), options.work.resolve(), options.jobs)
    if options.check:
        check(calibration)
    elif options.advised is not None:
        advised(options.work.resolve(), options.genbench.resolve(), options.jobs, options.advised or list(TRAINED))
    elif options.laws:
        broken_laws(options.only)
    elif options.counters is not None:
        counts(calibration, options.counters)
    elif options.speed is not None:
        faults = [None if fault == "none" else fault for fault in options.speed_faults]
        name = "speed_busy" if options.busy else "speed"
        others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(options.busy)]
        try:
            duels(calibration, options.speed or ["nade"], options.budget, options.repeats, faults, HERE / f"{name}.csv",
                  options.speed_margin)
        finally:
            for other in others:
                other.kill()
    else:
        if not options.tables:
            calibration.run("none", SEEDS)
            for name in options.only:
                calibration.run(name, FAULTY_SEEDS, name, CONCERNS[name])
        write_tables(judge(calibration, CONCERNS))
    page.write(HERE)


if __name__ == "__main__":
    main()
