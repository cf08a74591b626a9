//! Identity of trials: content instead of paths, present names, defaults, and results of the first scheme.

use std::path::Path;

use genbench::Registry;
use protocol::registry::Entry;
use protocol::{TrialId, exit};
use serde_json::Value;

use crate::bench::{Bench, measurements, outcome, read};

/// Results under ids of the first scheme, with their grid, their data and the defaults of that time.
const FIRST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/e2e/first_scheme");

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy(&source, &target);
        } else {
            std::fs::copy(&source, &target).unwrap();
        }
    }
}

fn with_first_results() -> Bench {
    let first = Path::new(FIRST);
    let bench = Bench::with(&read(&first.join("grid.yaml")));
    copy(&first.join("images"), &bench.path("images"));
    copy(&first.join("results"), &bench.path("results/first"));
    bench
}

/// Ids of the first scheme in the kept results.
fn first_ids(bench: &Bench) -> Vec<TrialId> {
    let name = |dir: &protocol::TrialDir| TrialId(dir.0.file_name().unwrap().to_str().unwrap().to_owned());
    bench.trials("first").iter().map(name).collect()
}

#[test]
fn results_of_the_first_scheme_are_used_and_not_trained_again() {
    let bench = with_first_results();
    let ids = first_ids(&bench);
    assert_eq!(ids.len(), 6);
    let ends: Vec<_> = bench.trials("first").iter().map(|dir| outcome(dir).ended_unix_ms).collect();
    // By the plan of that time.
    let status = bench.genbench(&["status", "first"]);
    assert!(status.out.contains("6 trials: 6 done"), "{status:?}");
    assert_eq!(bench.genbench(&["table", "first"]).code, 0);
    let before = read(&bench.grid("first").file("summary.csv"));
    // By a present plan.
    let plan = bench.genbench(&["plan", "grid.yaml"]);
    assert!(plan.out.contains("6 trials: 6 done") && plan.out.contains(&ids[0].0), "{plan:?}");
    let run = bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(first_ids(&bench), ids, "no other folder");
    assert_eq!(bench.trials("first").iter().map(|dir| outcome(dir).ended_unix_ms).collect::<Vec<_>>(), ends);
    let trials = read(&bench.grid("first").file("trials.csv"));
    assert!(ids.iter().all(|id| trials.contains(&format!("\n{id},"))), "tables name the folders: {trials}");
    // A plan of that time names a setting as it was called then.
    let before = before.replace(",model.variant\n", ",model.layer\n");
    assert_eq!(read(&bench.grid("first").file("summary.csv")), before);
    let status = bench.genbench(&["status", "first"]);
    assert!(status.out.contains("6 trials: 6 done") && status.out.contains(&ids[0].0), "{status:?}");
    assert_eq!(bench.genbench(&["report", "first"]).code, 0);
    let explained = bench.genbench(&["explain", "grid.yaml", &ids[0].0]);
    assert!(explained.out.contains(": done"), "{explained:?}");

    // The records are of the second scheme now; the folders keep their names, also for a moved folder of images.
    std::fs::rename(bench.path("images"), bench.path("moved")).unwrap();
    let moved = read(&bench.path("grid.yaml")).replace("path: images", "path: ./moved/");
    std::fs::write(bench.path("grid.yaml"), moved.replace("variant: diagonal", "layer: diagonal")).unwrap();
    let plan = bench.genbench(&["plan", "grid.yaml"]);
    assert!(plan.out.contains("6 trials: 6 done") && plan.err.is_empty(), "{plan:?}");
}

#[test]
fn results_of_the_first_scheme_are_found_from_another_path() {
    let bench = with_first_results();
    std::fs::rename(bench.path("images"), bench.path("moved")).unwrap();
    let plan = bench.genbench(&["plan", "grid.yaml", "--set", "data.path=moved"]);
    assert!(plan.out.contains("6 trials: 6 done"), "{plan:?}");
    let plan = bench.genbench(&["plan", "grid.yaml", "--set", "data.path=moved", "--set", "train.steps=5"]);
    assert!(plan.out.contains("6 trials: 6 train"), "{plan:?}");
}

#[test]
fn an_interrupted_trial_of_the_first_scheme_goes_on_in_its_folder() {
    let bench = with_first_results();
    let dir = bench.trials("first").remove(0);
    let figures = measurements(&dir);
    std::fs::remove_file(dir.outcome()).unwrap();
    std::fs::remove_file(dir.measurements()).unwrap();
    let run = bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]);
    assert_eq!((run.code, bench.trials("first").len()), (0, 6), "{run:?}");
    let measured = measurements(&dir);
    for then in &figures {
        let now = measured.iter().find(|now| now.name == then.name).expect("a figure of the first build");
        let close = (now.value.unwrap() - then.value.unwrap()).abs() < 1e-3;
        assert!(close, "as the first build measured: {now:?} {then:?}");
    }
}

const FILES: &str = "\
name: files
device: flex
seeds: [0]
data: {name: idx, path: images, binarize: threshold}
train: {steps: 2, batch_size: 8, eval_every: 2}
measure: [nll]
variants:
  - {model: {name: nade, hidden: 4}}
";

#[test]
fn the_content_of_files_counts_and_their_path_does_not() {
    let bench = Bench::with(FILES);
    copy(&Path::new(FIRST).join("images"), &bench.path("images"));
    copy(&Path::new(FIRST).join("images"), &bench.path("copy"));
    std::os::unix::fs::symlink(bench.path("images"), bench.path("link")).unwrap();
    let run = bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]);
    assert_eq!(run.code, 0, "{run:?}");
    let absolute = bench.path("images").display().to_string();
    for path in ["images", "images/", "./images", "copy", "link", "link/../images", absolute.as_str()] {
        let plan = bench.genbench(&["plan", "grid.yaml", "--set", &format!("data.path={path}")]);
        assert!(plan.out.contains("1 trial: 1 done"), "{path}: {plan:?}");
    }
    // A finished trial takes the new path, so that its model can be used after the folder was renamed.
    std::fs::rename(bench.path("images"), bench.path("renamed")).unwrap();
    std::fs::write(bench.path("grid.yaml"), FILES.replace("path: images", "path: renamed")).unwrap();
    let run = bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]);
    assert!(run.code == 0 && bench.trials("files").len() == 1, "{run:?}");
    let sample = bench.genbench(&["sample", bench.trials("files")[0].0.to_str().unwrap(), "--count", "4"]);
    assert_eq!(sample.code, 0, "{sample:?}");
    // Equal bytes under the names of EMNIST are transposed: another meaning.
    std::fs::create_dir(bench.path("emnist")).unwrap();
    for (part, name) in [("train", "train"), ("t10k", "test")] {
        for kind in ["images-idx3-ubyte", "labels-idx1-ubyte"] {
            let target = bench.path("emnist").join(format!("emnist-digits-{name}-{kind}"));
            std::fs::copy(bench.path("copy").join(format!("{part}-{kind}")), target).unwrap();
        }
    }
    let plan = bench.genbench(&["plan", "grid.yaml", "--set", "data.path=emnist"]);
    assert!(plan.out.contains("1 trial: 1 train"), "{plan:?}");
}

#[test]
fn two_paths_to_one_folder_are_one_trial() {
    let images = |bench: &Bench| {
        copy(&Path::new(FIRST).join("images"), &bench.path("images"));
        for name in (1..=5).map(|part| format!("data_batch_{part}.bin")).chain(["test_batch.bin".to_owned()]) {
            std::fs::write(bench.path("images").join(name), vec![1; 4 * 3_073]).unwrap();
        }
    };
    let sets = [
        "{name: idx, binarize: threshold, path: PATH}",
        "{name: cifar10, path: PATH}",
        "{name: puzzle, parts: 1, side: 2, data: {name: idx, binarize: threshold, path: PATH}}",
    ];
    for set in sets {
        let of = |path: &str| set.replace("PATH", path);
        let model = if set.contains("cifar10") { "{name: pixel_cnn, channels: 6}" } else { "independent" };
        let grid = |other: &str| {
            let variant = |path: &str, label: &str| format!("  - {{{label} model: {model}, data: {}}}\n", of(path));
            let variants = variant("images", "label: one,") + &variant(other, "label: two,");
            format!("name: twice\ndevice: flex\ntrain: {{steps: 1, batch_size: 4}}\nmeasure: []\nvariants:\n{variants}")
        };
        // A path is resolved before it is compared; a link has another path.
        for (other, help) in [
            ("./images/", "with defaults, both have the same model, data"),
            ("linked", "both paths lead to the same files"),
        ] {
            let bench = Bench::with(&grid(other));
            images(&bench);
            std::os::unix::fs::symlink(bench.path("images"), bench.path("linked")).unwrap();
            let plan = bench.genbench(&["plan", "grid.yaml"]);
            assert_eq!(plan.code, i32::from(exit::USAGE), "{set}: {plan:?}");
            assert!(plan.err.contains("the same trial is listed twice: `two`"), "{set}: {plan:?}");
            assert!(plan.err.contains(help), "{set}: {plan:?}");
        }
    }
}

#[test]
fn the_old_name_of_a_setting_warns_and_means_the_same() {
    let grid = |model: &str| {
        format!("name: g\ndevice: flex\ndata: {{name: digits, binarize: threshold}}\nvariants:\n  - {model}\n")
    };
    let plan = |model: &str| Bench::with(&grid(model)).genbench(&["plan", "grid.yaml", "--format", "json"]);
    let ids = |out: &str| {
        let id =
            |line: &str| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap_or_default().to_owned();
        out.lines().map(id).collect::<Vec<_>>()
    };
    let new = plan("model: {name: pixel_rnn, layer: diagonal_bilstm}");
    assert!(new.code == 0 && new.err.is_empty(), "{new:?}");
    let old = plan("model: {name: pixel_rnn, variant: diagonal_bilstm}");
    assert_eq!(ids(&old.out), ids(&new.out));
    assert_eq!(old.err.matches("`variant` was renamed to `layer`").count(), 1, "{old:?}");
    assert!(old.err.contains("grid.yaml:5:") && old.err.contains("write `layer`"), "{old:?}");
    let axis = |key: &str| plan(&format!("{{model: pixel_rnn, matrix: {{model.{key}: [row_lstm, diagonal_bilstm]}}}}"));
    let (old, new) = (axis("variant"), axis("layer"));
    assert_eq!((ids(&old.out).len(), ids(&old.out)), (2, ids(&new.out)), "{old:?}");
    assert_eq!(old.err.matches("`variant` was renamed to `layer`").count(), 1, "{old:?}");
    let both = plan("model: {name: pixel_rnn, layer: row_lstm, variant: row_lstm}");
    assert_eq!(both.code, i32::from(exit::USAGE));
    assert!(both.err.contains("`variant` is the old name of `layer`, and both are set"), "{both:?}");
    // A written default is no other trial.
    let (bare, written) = (plan("model: pixel_rnn"), plan("model: {name: pixel_rnn, layer: row_lstm, lr: 1.0e-3}"));
    assert_eq!(ids(&bare.out), ids(&written.out));
}

/// Ids of the second scheme outlive the version that gave them.
#[test]
fn ids_stay_what_they_are() {
    let bench = Bench::with(
        "\
name: golden
device: flex
seeds: [0]
train: {steps: 10, batch_size: 8, eval_every: 5}
measure: []
variants:
  - {model: {name: pixel_rnn, layer: diagonal_bilstm}, data: {name: digits, binarize: threshold}}
  - {model: {name: nade, hidden: 4, lr: 1.0e-3}, data: {name: digits, binarize: threshold}, seeds: [0, 1]}
  - {model: independent, data: chain}
  - model: independent
    data: {name: puzzle, side: 2, data: {name: chain, q: 0.2}}
    train: {steps: 10, batch_size: 8, eval_every: 5, keep: best}
",
    );
    let plan = bench.genbench(&["plan", "grid.yaml", "--format", "csv"]);
    let ids: Vec<_> = plan.out.lines().skip(1).map(|line| line.split(',').next().unwrap_or_default()).collect();
    // Computed by another program from the definition of `protocol::TrialId`.
    let golden = ["74b21e0eff23", "be13e86f6d60", "6355662b5abb", "7f7949050d97", "cd39bd075e8b"];
    assert_eq!(ids, golden, "{plan:?}");
}

/// Ids hash the settings that differ from their defaults, so a default may change only with the version.
#[test]
fn a_default_changes_only_with_the_version() {
    let known: Value = serde_json::from_str(&read(&Path::new(FIRST).join("defaults.json"))).unwrap();
    let registry = Registry::built_in();
    let check = |kind: &str, entry: Option<&Entry>, name: &str| {
        let (then, entry) = (&known[kind][name], entry.unwrap_or_else(|| panic!("{kind} {name} was removed")));
        if then["version"] != entry.version {
            return;
        }
        let (before, now) = (entry.present_names(&then["defaults"]).unwrap(), (entry.defaults)());
        for (setting, value) in before.as_object().unwrap() {
            assert_eq!(now.get(setting), Some(value), "{kind} {name}: {setting}; raise VERSION, or list it in HISTORY");
        }
    };
    for name in known["models"].as_object().unwrap().keys() {
        check("models", registry.models.find(name).ok().map(|entry| &**entry), name);
    }
    for name in known["data"].as_object().unwrap().keys() {
        check("data", registry.data.find(name).ok().map(|entry| &**entry), name);
    }
}
