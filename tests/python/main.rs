//! The Python of `docs/python.md` and readers of Parquet and Arrow, run on the committed results of `ising_80`.
//!
//! Python is `GENBENCH_PYTHON`, else `python3`. Without the packages a test prints a note and passes; if
//! `GENBENCH_REQUIRE_PYTHON` is set, it fails.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use analysis::pack::{UnpackOptions, unpack};
use analysis::{Results, export, tables};
use protocol::{GridDir, Plan};

/// A Python with these packages.
fn python(packages: &str) -> Option<PathBuf> {
    let program = env::var_os("GENBENCH_PYTHON").map_or_else(|| PathBuf::from("python3"), PathBuf::from);
    let imports = Command::new(&program).args(["-c", &format!("import {packages}")]).output();
    if imports.is_ok_and(|output| output.status.success()) {
        return Some(program);
    }
    let why = format!("{} lacks one of {packages}", program.display());
    assert!(env::var_os("GENBENCH_REQUIRE_PYTHON").is_none(), "{why}");
    eprintln!("skipped: {why}");
    None
}

/// The committed results of `ising_80`, unpacked into `folder`.
fn committed(folder: &Path) -> GridDir {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let pack = top.join("results/reference/ising_80/ising_80.genbench");
    unpack(&pack, folder, &UnpackOptions::default()).unwrap().grid
}

/// The blocks of a language on a page, in order.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let start = format!("```{language}\n");
    let after = page.split(start.as_str()).skip(1);
    after.map(|rest| rest.split("```").next().unwrap_or_default().to_owned()).collect()
}

/// Runs a script in `folder`, without a window.
fn run(python: &Path, script: &str, folder: &Path) -> Output {
    let mut command = Command::new(python);
    command.args(["-W", "error", "-c", script]).current_dir(folder).env("MPLBACKEND", "Agg").output().unwrap()
}

#[test]
fn the_page_runs_on_committed_results() {
    let Some(python) = python("pandas, matplotlib") else { return };
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = fs::read_to_string(top.join("docs/python.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let grid = committed(&folder.path().join("results"));
    let results = Results::read(grid.clone(), Plan::read(&grid).unwrap());
    tables(&results).unwrap();
    fs::write(folder.path().join("measurements.jsonl"), export::jsonl(&results)).unwrap();

    let blocks = blocks(&page, "python");
    assert_eq!(blocks.len(), 4, "{blocks:?}");
    let output = run(&python, &blocks.join("\n"), folder.path());
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let figure = fs::read(folder.path().join("ising_80.png")).unwrap();
    assert!(figure.starts_with(b"\x89PNG") && figure.len() > 20_000, "{} bytes", figure.len());
    for printed in ["model.neighbours", "129.41", "nats, standard error over images 0.", "FVSBN"] {
        assert!(text.contains(printed), "{printed} is missing:\n{text}");
    }
    if let Some(copy) = env::var_os("GENBENCH_KEEP_FIGURE") {
        fs::copy(folder.path().join("ising_80.png"), copy).unwrap();
    }
}

/// Compares a Parquet file with the CSV file, cell by cell, in three readers.
const READ_PARQUET: &str = r#"
import duckdb, pandas as pd, polars as pl
text = pd.read_csv("measurements.csv", dtype=str, keep_default_na=False)
of_pandas = pd.read_parquet("measurements.parquet")
of_polars = pl.read_parquet("measurements.parquet")
of_duckdb = duckdb.sql("select * from 'measurements.parquet'")
assert list(of_pandas.columns) == of_polars.columns == of_duckdb.columns == list(text.columns)
rows = [list(of_pandas.astype(object).where(of_pandas.notna(), None).itertuples(index=False, name=None)),
        of_polars.rows(), of_duckdb.fetchall()]
for reader in rows:
    assert len(reader) == len(text) > 100
    for row, cells in zip(reader, text.itertuples(index=False, name=None)):
        for value, cell in zip(row, cells):
            if value is None:
                same = cell == ""
            elif isinstance(value, bool):
                same = cell == str(value).lower()
            elif isinstance(value, (int, float)):
                same = float(cell) == value
            else:
                same = cell == value
            assert same, (value, cell)
types = dict(zip(of_polars.columns, of_polars.dtypes))
assert types["value"] == pl.Float64 and types["seed"] == pl.Int64 and types["variant"] == pl.String
assert types["volatile"] == pl.Boolean
print(len(text), "rows equal in pandas, polars and DuckDB")
"#;

#[test]
fn a_parquet_file_has_the_cells_of_the_csv_file() {
    let Some(python) = python("pandas, pyarrow, polars, duckdb") else { return };
    let folder = tempfile::tempdir().unwrap();
    let grid = committed(folder.path());
    let results = Results::read(grid.clone(), Plan::read(&grid).unwrap()).written_to(folder.path().to_owned());
    tables(&results).unwrap();
    fs::write(folder.path().join("measurements.parquet"), export::parquet(&results).unwrap()).unwrap();
    let output = run(&python, READ_PARQUET, folder.path());
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("rows equal in pandas, polars and DuckDB"), "{text}");
}

/// Compares an Arrow file with the Parquet file, cell by cell, in four readers. The buffers are those of the mapped file: aligned, and not
/// copied.
const READ_ARROW: &str = r#"
import math
import duckdb, pandas as pd, polars as pl, pyarrow as pa
from pyarrow import feather, ipc, parquet
expected = parquet.read_table("measurements.parquet")
allocated = pa.total_allocated_bytes()
mapped = pa.memory_map("measurements.arrow")
file = ipc.open_file(mapped)
assert file.num_record_batches == 1
of_file = file.read_all()
assert pa.total_allocated_bytes() == allocated
buffers = [buffer for column in of_file.columns for chunk in column.chunks for buffer in chunk.buffers()]
assert all(buffer is None or buffer.address % 64 == 0 for buffer in buffers)

def same(one, other):
    both_nan = isinstance(one, float) and isinstance(other, float) and math.isnan(one) and math.isnan(other)
    return type(one) is type(other) and (one == other or both_nan)

for table in [of_file, feather.read_table("measurements.arrow")]:
    table.validate(full=True)
    assert table.schema.equals(expected.schema), table.schema
    assert table.num_rows == expected.num_rows > 100
    for name in expected.column_names:
        for one, other in zip(table[name].to_pylist(), expected[name].to_pylist(), strict=True):
            assert same(one, other), (name, one, other)
assert sum(column.null_count for column in of_file.columns) > 0
of_polars, expected_by_polars = pl.read_ipc("measurements.arrow"), pl.read_parquet("measurements.parquet")
assert of_polars.schema == expected_by_polars.schema
assert of_polars.equals(expected_by_polars, null_equal=True)
assert pd.read_feather("measurements.arrow").equals(pd.read_parquet("measurements.parquet"))
of_duckdb = duckdb.sql("select * from of_file").fetchall()
assert of_duckdb == duckdb.sql("select * from 'measurements.parquet'").fetchall()
print(of_file.num_rows, "rows equal in pyarrow, polars, pandas and DuckDB")
"#;

#[test]
fn an_arrow_file_has_the_cells_of_the_parquet_file() {
    let Some(python) = python("pandas, pyarrow, polars, duckdb") else { return };
    let folder = tempfile::tempdir().unwrap();
    let grid = committed(folder.path());
    let results = Results::read(grid.clone(), Plan::read(&grid).unwrap());
    fs::write(folder.path().join("measurements.parquet"), export::parquet(&results).unwrap()).unwrap();
    fs::write(folder.path().join("measurements.arrow"), export::arrow(&results).unwrap()).unwrap();
    let output = run(&python, READ_ARROW, folder.path());
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("rows equal in pyarrow, polars, pandas and DuckDB"), "{text}");
}

#[test]
fn the_first_block_is_short() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = fs::read_to_string(top.join("docs/python.md")).unwrap();
    let first = &blocks(&page, "python")[0];
    assert!(first.lines().filter(|line| !line.is_empty()).count() <= 15, "{first}");
}
