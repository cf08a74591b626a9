//! Data files next to a grid, used from other folders.

use std::path::Path;
use std::process::Command;

use protocol::exit;

use crate::bench::{Bench, CommandOutput, command_output};

const GRID: &str = "\
name: files
device: flex
data: {name: idx, path: shapes, binarize: threshold, validation: 2}
train: {epochs: 1, batch_size: 4}
measure: [nll]
variants:
  - model: independent
";

/// A folder with the grid, its data in `exp/shapes`, and an empty folder `elsewhere`.
fn bench() -> Bench {
    let bench = Bench::with("");
    for folder in ["exp/shapes", "elsewhere"] {
        std::fs::create_dir_all(bench.path(folder)).expect("a new folder");
    }
    std::fs::write(bench.path("exp/files.yaml"), GRID).expect("written");
    for (name, count) in [("train", 20_u32), ("t10k", 6)] {
        let mut bytes = vec![0, 0, 8, 3];
        [count, 4, 4].iter().for_each(|number| bytes.extend(number.to_be_bytes()));
        bytes.extend((0..count * 16).map(|at| if at * at % 7 < 3 { 255 } else { 0 }));
        std::fs::write(bench.path(&format!("exp/shapes/{name}-images-idx3-ubyte")), bytes).expect("written");
    }
    bench
}

fn genbench_in(folder: &Path, bench: &Bench, arguments: &[&str]) -> CommandOutput {
    command_output(bench.command(arguments).current_dir(folder).output().expect("the binary starts"))
}

#[test]
fn a_grid_with_its_data_works_from_every_folder() {
    let bench = bench();
    let elsewhere = bench.path("elsewhere");
    let there = |arguments: &[&str]| {
        let output = genbench_in(&elsewhere, &bench, arguments);
        assert_eq!(output.code, i32::from(exit::DONE), "{arguments:?} {output:?}");
        output.out
    };
    let results = ["--results", "../results"];
    there(&[&["plan", "../exp/files.yaml"], &results[..]].concat());
    // The folder of a job need not be the current one.
    let job: toml::Table =
        toml::from_str(&there(&[&["emit", "hyperqueue", "../exp/files.yaml"], &results[..]].concat())).expect("TOML");
    let task = &job["task"].as_array().expect("tasks")[0];
    let words: Vec<&str> = task["command"].as_array().expect("words").iter().filter_map(|word| word.as_str()).collect();
    let ran = Command::new(words[0]).args(&words[1..]).current_dir(task["cwd"].as_str().expect("a folder")).status();
    assert!(ran.expect("the worker starts").success(), "{words:?}");
    let ids = there(&[&["plan", "../exp/files.yaml", "--format", "csv"], &results[..]].concat());
    let row = ids.lines().nth(1).expect("one trial");
    assert!(row.contains(",done,"), "{ids}");
    let trial = format!("../results/files/trials/{}", row.split(',').next().expect("an id"));
    there(&[&["run", "../exp/files.yaml", "--no-timing", "--quiet"], &results[..]].concat());
    there(&[&["measure", "../exp/files.yaml", "--quiet"], &results[..]].concat());
    there(&["sample", &trial, "--out", "sheet.png"]);
    let scores = there(&["score", &trial, "test"]);
    assert_eq!(scores.lines().count(), 7, "{scores}");
    // From the grid's own folder it is the same trial.
    let own = genbench_in(&bench.path("exp"), &bench, &["plan", "files.yaml", "--results", "../results"]);
    assert!(own.out.contains("1 done"), "{own:?}");
}

#[test]
fn a_missing_folder_is_shown_at_its_key_with_the_folder_of_the_grid() {
    let bench = bench();
    std::fs::write(bench.path("exp/files.yaml"), GRID.replace("path: shapes", "path: shape")).expect("written");
    let output = genbench_in(&bench.path("elsewhere"), &bench, &["plan", "../exp/files.yaml"]);
    assert_eq!(output.code, i32::from(exit::USAGE), "{output:?}");
    for part in [
        "files.yaml:3:25",
        "`data.path`: ",
        "/exp/shape",
        "`shape` is relative to ",
        ", the folder of ../exp/files.yaml",
    ] {
        assert!(output.err.contains(part), "{part} is missing in {}", output.err);
    }
}
