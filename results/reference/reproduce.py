#!/usr/bin/env python3
"""Lists the grids under results/reference with their hours and builds, and runs those again that are stale.

A pack is stale if the grid, planned by this genbench, has trials or measures that the pack does not have: because a model, a data
set, a measure or the grid has changed since. Uses the standard library alone: a pack is a tar archive inside gzip.

    python3 results/reference/reproduce.py                      list
    python3 results/reference/reproduce.py --run                run the stale grids again, and write their packs
    python3 results/reference/reproduce.py --run mnist10k       run this grid, stale or without a pack
"""

import argparse
import collections
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
REFERENCE = TOP / "results" / "reference"


def records(pack):
    """Outcomes, and seconds of work, of the trials of a pack."""
    outcomes, seconds = [], 0.0
    with tarfile.open(pack, "r:gz") as archive:
        for member in archive:
            text = archive.extractfile(member).read()
            if member.name.endswith("/outcome.json"):
                outcomes.append(json.loads(text))
            elif member.name.endswith("/trace.jsonl"):
                events = (json.loads(line) for line in text.splitlines())
                trials = (event for event in events if event["kind"] == "close" and event["name"] == "trial")
                seconds += sum(event["seconds"] for event in trials)
    return outcomes, seconds


def build(outcome):
    """The build that made a trial: its record if there is one, else version and commit."""
    made_by = outcome.get("build") or {}
    commit = made_by.get("commit") or made_by.get("git")
    name = commit[:12] if isinstance(commit, str) else re.sub(r".*\((.*)\)", r"\1", outcome["genbench"])
    return name + (" (with changes)" if made_by.get("dirty") else "")


def grid(name):
    return TOP / "experiments" / f"{name}.yaml"


def next_steps(genbench, name, results):
    """What `run` would do with each trial of a grid, counted; an error as text."""
    command = [genbench, "plan", str(grid(name)), "--results", str(results), "--format", "json"]
    planned = subprocess.run(command, capture_output=True, text=True)
    if planned.returncode != 0:
        return None, planned.stderr.strip().splitlines()[0]
    return collections.Counter(json.loads(line)["next"] for line in planned.stdout.splitlines()), None


def state(genbench, name, pack):
    """`current`, or why a pack is stale."""
    with tempfile.TemporaryDirectory() as results:
        subprocess.run([genbench, "unpack", str(pack), "--results", results], check=True, stdout=subprocess.DEVNULL)
        steps, error = next_steps(genbench, name, results)
    if error:
        return f"unknown: {error}"
    stale = {step: count for step, count in steps.items() if step != "done"}
    if not stale:
        return "current"
    return "stale: " + ", ".join(f"{count} of {steps.total()} would {step}" for step, count in stale.items())


def without_pack():
    """The rows of results/README.md for folders without a pack: name, hours, build, reason."""
    for line in (TOP / "results" / "README.md").read_text().splitlines():
        row = re.match(r"\| \[(\w+)\]\(reference/\S+\) \| no \| (.*) \| (.*) \| (.*) \|$", line)
        if row:
            yield row.groups()


def run(genbench, name):
    """Trains a grid and writes its pack."""
    pack = REFERENCE / name / f"{name}.genbench"
    with tempfile.TemporaryDirectory() as results:
        subprocess.run([genbench, "run", str(grid(name)), "--results", results], check=True)
        subprocess.run([genbench, "pack", name, "--results", results, "--out", str(pack)], check=True)


def show(name, hours, made_by, known):
    print(f"{name:20} {hours + ' h' if hours[0].isdigit() else 'hours ' + hours}, build {made_by}\n    {known}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="grids; by default all")
    parser.add_argument("--run", action="store_true", help="run stale grids again; named ones in any case")
    parser.add_argument("--genbench", default=str(TOP / "target" / "release" / "genbench"), help="the program")
    args = parser.parse_args()
    if shutil.which(args.genbench) is None:
        sys.exit(f"error: no program at {args.genbench}\nhelp: cargo build --release, or --genbench PATH")
    packs = {pack.parent.name: pack for pack in sorted(REFERENCE.glob("*/*.genbench"))}
    missing = {name: rest for name, *rest in without_pack()}
    unknown = [name for name in args.names if name not in packs and name not in missing]
    if unknown:
        sys.exit(f"error: no folder of this name in {REFERENCE.relative_to(TOP)}: {', '.join(unknown)}")
    to_run = []
    for name, pack in packs.items():
        if args.names and name not in args.names:
            continue
        outcomes, seconds = records(pack)
        builds = collections.Counter(map(build, outcomes))
        made_by = ", ".join(f"{commit} ({count} trials)" for commit, count in builds.items())
        known = state(args.genbench, name, pack)
        show(name, f"{seconds / 3600:.2f}", made_by, known)
        if args.names or known.startswith("stale"):
            to_run.append(name)
    for name, (hours, made_by, reason) in missing.items():
        if args.names and name not in args.names:
            continue
        show(name, hours, made_by, f"no pack: {reason}")
        if args.names and grid(name).exists():
            to_run.append(name)
    for name in to_run if args.run else []:
        run(args.genbench, name)


if __name__ == "__main__":
    main()
