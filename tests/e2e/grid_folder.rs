//! The folder of a grid: whose it is, and which plan and tables it keeps.

use protocol::exit;

use crate::bench::{Bench, CommandOutput, SMALL, read};

fn run(bench: &Bench, grid: &str, options: &[&str]) -> CommandOutput {
    bench.genbench(&[&["run", grid, "--no-timing", "--quiet"], options].concat())
}

#[test]
fn a_second_grid_with_the_same_name_is_refused_before_anything_is_written() {
    let bench = Bench::with(SMALL);
    assert_eq!(run(&bench, "grid.yaml", &[]).code, i32::from(exit::DONE));
    let folder = bench.grid("small");
    let kept = || ["plan.json", "grid.yaml", "summary.csv", "report.html"].map(|name| read(&folder.file(name)));
    let before = kept();
    let other = SMALL.replace("steps: 60", "steps: 30").replace("hidden: 16", "hidden: 17");
    std::fs::write(bench.path("other.yaml"), &other).expect("written");
    for verb in ["run", "measure"] {
        let refused = bench.genbench(&[verb, "other.yaml", "--no-timing", "--quiet"]);
        assert_eq!(refused.code, i32::from(if verb == "run" { exit::USAGE } else { exit::NOTHING }), "{refused:?}");
        assert!(
            verb == "measure" || refused.err.contains("grid.yaml") && refused.err.contains("--replace"),
            "{refused:?}"
        );
    }
    let refused = bench.genbench(&["emit", "hyperqueue", "other.yaml"]);
    assert_eq!((refused.code, kept() == before), (i32::from(exit::USAGE), true), "{refused:?}");
    // Each advice works.
    assert_eq!(run(&bench, "other.yaml", &["--results", "elsewhere"]).code, i32::from(exit::DONE));
    std::fs::write(bench.path("renamed.yaml"), other.replace("name: small", "name: smaller")).expect("written");
    assert_eq!(run(&bench, "renamed.yaml", &[]).code, i32::from(exit::DONE));
    assert!(kept() == before);
    assert_eq!(run(&bench, "other.yaml", &["--replace"]).code, i32::from(exit::DONE));
    assert_ne!(kept(), before);
}

#[test]
fn a_run_of_some_variants_keeps_plan_and_tables_of_the_whole_grid() {
    let bench = Bench::with(&SMALL.replace("seeds: [0]", "seeds: [0, 1]"));
    let folder = bench.grid("small");
    let rows = |name: &str| read(&folder.file(name)).lines().count() - 1;
    let some = run(&bench, "grid.yaml", &["--only", "independent", "--seeds", "1"]);
    assert_eq!(some.code, i32::from(exit::DONE), "{some:?}");
    assert_eq!(bench.trials("small").iter().filter(|trial| trial.outcome().exists()).count(), 1);
    assert_eq!(rows("trials.csv"), 4, "trials that have not run are listed");
    assert_eq!(run(&bench, "grid.yaml", &[]).code, i32::from(exit::DONE));
    let kept =
        || ["plan.json", "grid.yaml", "grid.json", "trials.csv", "report.html"].map(|name| read(&folder.file(name)));
    let before = kept();
    let changed = run(&bench, "grid.yaml", &["--set", "train.steps=30"]);
    assert_eq!(changed.code, i32::from(exit::DONE), "{changed:?}");
    assert!(changed.err.contains("tables and report of small are kept"), "{changed:?}");
    assert_eq!(bench.trials("small").len(), 8, "the changed trials are trained");
    assert!(kept() == before);
    assert!(!before[0].contains(&bench.path("").display().to_string()), "no absolute path without need");
}
