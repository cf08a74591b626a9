"""Compares the tables of two results folders: cells that are neither volatile nor prose must be equal.

    python3 tests/compare_results.py RESULTS_BEFORE RESULTS_AFTER

Exit code 0: equal. 1: a difference. The schema beside the tables tells which columns are volatile.
"""

import csv
import json
import pathlib
import sys

TABLES = ("measurements", "summary", "comparisons", "trials", "facts", "curves")
PROSE = {"absent", "note", "reason", "reasons", "remark"}


def rows(folder, table):
    with open(folder / f"{table}.csv", newline="") as file:
        return list(csv.DictReader(file))


def volatile_columns(folder, table):
    schema = json.loads((folder / "tables.schema.json").read_text())
    resource = next(one for one in schema["resources"] if one["path"] == f"{table}.csv")
    return {field["name"] for field in resource["schema"]["fields"] if field.get("volatile")}


def compare(before, after, table):
    """Returns the number of cells compared and the differences."""
    skipped = volatile_columns(before, table) | PROSE | ({"quantity"} if table == "facts" else set())
    old, new = rows(before, table), rows(after, table)
    if len(old) != len(new):
        return 0, [f"{len(old)} rows before, {len(new)} after"]
    cells, differences = 0, []
    for number, (one, other) in enumerate(zip(old, new), start=2):
        if one.get("volatile") == "true":
            continue
        for column in one.keys() - skipped:
            cells += 1
            if one[column] != other.get(column):
                differences.append(f"line {number}, {column}: {one[column]} -> {other.get(column)}")
    return cells, differences


def main(before, after):
    differ = False
    for plan in sorted(before.glob("*/plan.json")):
        grid = plan.parent.name
        for table in TABLES:
            cells, differences = compare(before / grid, after / grid, table)
            print(f"{grid} {table}: {cells} cells, {len(differences)} differ")
            for difference in differences[:5]:
                print(f"    {difference}")
            differ |= bool(differences)
    return int(differ)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*map(pathlib.Path, sys.argv[1:])))
