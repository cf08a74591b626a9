"""Writes the tables of README.md, between `<!-- table NAME -->` and `<!-- end -->`, from the CSV tables next to it."""

import csv
import re

SEEDS = (3, 5, 8)


def rows(folder, name):
    path = folder / f"{name}.csv"
    return list(csv.DictReader(open(path))) if path.exists() else []


def share(runs, name, seeds, column="worse"):
    """Such as `6 of 8`: runs that ended like this, of all runs with so many seeds."""
    found = [row for row in runs if row["name"] == name and row["seeds"] == str(seeds)]
    return f"{sum(int(row[column]) for row in found)} of {sum(int(row['runs']) for row in found)}" if found else ""


def verdict(figures):
    """Verdict with all seeds on the figure that lost most, or gained most if none lost."""
    order = ("worse", "undecided", "better", "equivalent", "identical")
    return next((one for one in order if any(int(row[one]) for row in figures)), "")


def power(folder):
    """Faults: largest loss, runs that are worse, verdict with all seeds."""
    runs, figures = rows(folder, "runs"), rows(folder, "figures")
    yield "| fault | largest loss in margins | of | worse, 3 seeds | 5 seeds | 8 seeds | verdict of 8 seeds |"
    yield "|---|---:|---|---:|---:|---:|---|"
    for name in dict.fromkeys(row["name"] for row in runs if row["kind"] == "fault"):
        own = [row for row in figures if row["name"] == name and row["seeds"] == "8"]
        judged = [row for row in own if row["loss_per_margin"]]
        most = max(judged, key=lambda row: float(row["loss_per_margin"]), default=None)
        loss, of = (f"{float(most['loss_per_margin']):.2f}", most["variant"].split()[0]) if most else ("", "")
        cells = [name, loss, of, *(share(runs, name, seeds) for seeds in SEEDS), verdict(own)]
        yield f"| {' | '.join(cells)} |"


def beyond_margin(folder):
    """Mean losses beyond the margin, by gating figure: judgements that are worse, by number of seeds."""
    faults = {row["name"] for row in rows(folder, "runs") if row["kind"] == "fault"}
    of_fault = [row for row in rows(folder, "figures") if row["name"] in faults and row["loss_per_margin"]]
    beyond = [row for row in of_fault if float(row["loss_per_margin"]) > 1]
    yield "| figure | losses beyond the margin | worse, 3 seeds | 5 seeds | 8 seeds |"
    yield "|---|---:|---:|---:|---:|"
    for figure in dict.fromkeys(row["figure"] for row in beyond):
        own = [[row for row in beyond if row["figure"] == figure and row["seeds"] == str(seeds)] for seeds in SEEDS]
        worse = [f"{sum(int(row['worse']) for row in part)} of {sum(int(row['runs']) for row in part)}" for part in own]
        yield f"| {' | '.join([figure, str(len(own[-1])), *worse])} |"


def advised(folder):
    """Mean losses beyond the margin at the advised number of seeds: judgements that are worse, the smallest losses first."""
    yield "| fault | model | figure | seeds | loss in margins | worse |"
    yield "|---|---|---|---:|---:|---:|"
    beyond = [row for row in rows(folder, "advised") if float(row["loss_per_margin"]) > 1]
    for row in sorted(beyond, key=lambda row: float(row["loss_per_margin"])):
        model, loss = row["variant"].split()[0], f"{float(row['loss_per_margin']):.2f}"
        yield f"| {row['name']} | {model} | {row['figure']} | {row['seeds']} | {loss} | {row['worse']} of {row['runs']} |"


def alarms(folder):
    """Changes of bits alone: runs that are worse, by number of seeds."""
    runs = rows(folder, "runs")
    yield "| change | worse, 3 seeds | 5 seeds | 8 seeds |"
    yield "|---|---:|---:|---:|"
    for name in dict.fromkeys(row["name"] for row in runs if row["kind"] == "control"):
        yield f"| {' | '.join([name, *(share(runs, name, seeds) for seeds in SEEDS)])} |"


def laws(folder):
    """Faults and models that break laws, with their names."""
    yield "| fault | model | laws that fail |"
    yield "|---|---|---|"
    for row in rows(folder, "laws"):
        if row["laws"]:
            names = ", ".join(f"`{law}`" for law in row["laws"].split())
            yield f"| {row['name']} | {row['model']} | {names} |"


def speed(folder, name="speed"):
    """Duels of a build with itself: verdicts, and ratios of the speeds, below 1 if the build with the fault is slower."""
    yield "| fault | variant | margin | window | duels | worse | equivalent | undecided | ratios |"
    yield "|---|---|---|---|---:|---:|---:|---:|---|"
    duels = rows(folder, name)
    of = lambda row: (row["name"], row["variant"], row["margin"], row["window"])
    for key in dict.fromkeys(map(of, duels)):
        own = [row for row in duels if of(row) == key]
        counts = [str(sum(row["verdict"] == verdict for row in own)) for verdict in ("worse", "equivalent", "undecided")]
        ratios = sorted(row["ratio"] for row in own if row["ratio"])
        span = f"{ratios[0]} to {ratios[-1]}" if ratios else ""
        yield f"| {' | '.join([*key, str(len(own)), *counts, span])} |"


def counters(folder):
    """Faults: models whose counts differ, with the first count that does."""
    yield "| fault | models | with other counts | example |"
    yield "|---|---:|---:|---|"
    counted = rows(folder, "counters")
    for name in dict.fromkeys(row["name"] for row in counted):
        own = [row for row in counted if row["name"] == name]
        differing = [row for row in own if row["differing"] != "0"]
        shown = [f"`{row['variant']}` {row['example']}: {row['sound']} to {row['faulty']}" for row in differing[:1]]
        yield f"| {' | '.join([name, str(len(own)), str(len(differing)), *(shown or [''])])} |"


def write(folder):
    """Replaces the tables of the page."""
    page = folder / "README.md"
    if not page.exists():
        return
    text = page.read_text()
    tables = {"power": power, "beyond_margin": beyond_margin, "laws": laws, "alarms": alarms, "speed": speed, "advised": advised}
    tables |= {"counters": counters, "speed_busy": lambda folder: speed(folder, "speed_busy")}
    for name, table in tables.items():
        lines = "\n".join(table(folder))
        text = re.sub(rf"(<!-- table {name} -->\n).*?(<!-- end -->)", rf"\g<1>\n{lines}\n\n\g<2>", text, flags=re.DOTALL)
    page.write_text(text)
