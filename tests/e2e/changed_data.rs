//! Files of a data set that change after planning: refused by every process that loads them, and nothing is lost.

use std::io::Write;
use std::path::PathBuf;
use std::process::Stdio;

use protocol::{Status, Trial, TrialDir, atomic, exit};
use serde_json::json;

use crate::bench::{Bench, CommandOutput, command_output, measurements, outcome};

const GRID: &str = "\
name: files
device: flex
seeds: [0]
data: {name: idx, path: images, binarize: threshold}
train: {steps: 40, batch_size: 8, eval_every: 10}
measure: [nll]
variants:
  - {label: nade, model: {name: nade, hidden: 4}}
";

/// Writes files in the format of MNIST: 60 training and 20 test images of 4x4 pixels.
fn write_images(bench: &Bench) -> PathBuf {
    let folder = bench.path("images");
    std::fs::create_dir_all(&folder).unwrap();
    for (part, count) in [("train", 60_u8), ("t10k", 20)] {
        let mut bytes = vec![0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 4, 0, 0, 0, 4];
        bytes.extend((0..16 * usize::from(count)).map(|at| if at * at % 7 < 3 { 255 } else { 0 }));
        std::fs::write(folder.join(format!("{part}-images-idx3-ubyte")), bytes).unwrap();
    }
    folder.join("train-images-idx3-ubyte")
}

/// Runs a hidden verb on a trial's folder, with its input closed.
fn on_trial(bench: &Bench, verb: &str, dir: &TrialDir) -> CommandOutput {
    let mut command = bench.command(&[verb, dir.0.to_str().unwrap()]);
    command_output(command.stdin(Stdio::null()).output().expect("the binary starts"))
}

/// Changes the last pixel of a file.
fn change(file: &PathBuf) {
    let mut bytes = std::fs::read(file).unwrap();
    *bytes.last_mut().unwrap() ^= 255;
    std::fs::File::create(file).unwrap().write_all(&bytes).unwrap();
}

#[test]
fn changed_files_are_refused_and_restored_files_let_the_trial_go_on() {
    let bench = Bench::with(GRID);
    let file = write_images(&bench);
    let run = bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]);
    assert_eq!(run.code, 0, "{run:?}");
    let dir = bench.trials("files").remove(0);
    let trial: Trial = atomic::read_json(&dir.trial()).unwrap();
    let figures = measurements(&dir);
    let original = std::fs::read(&file).unwrap();
    change(&file);
    let names_both = |text: &str| {
        assert!(text.contains("train-images-idx3-ubyte") && text.contains(&trial.data.hash), "{text}");
        let hashes = text.split(|c: char| !c.is_ascii_hexdigit()).filter(|word| word.len() == 64).collect::<Vec<_>>();
        assert!(hashes.iter().any(|hash| *hash != trial.data.hash), "{text}");
    };

    // Commands that use the trained model.
    let folder = dir.0.to_str().unwrap();
    for command in [&["sample", folder][..], &["score", folder, "test"]] {
        let refused = bench.genbench(command);
        assert_eq!(refused.code, i32::from(exit::USAGE), "{command:?}: {refused:?}");
        names_both(&refused.err);
    }
    let refused = bench.genbench(&["measure", "grid.yaml"]);
    assert!(refused.code == i32::from(exit::USAGE) && refused.err.contains(": SHA-256 "), "{refused:?}");
    assert!(refused.err.contains("images") && refused.err.contains(&trial.data.hash), "{refused:?}");
    // The timing worker.
    let refused = on_trial(&bench, "timing", &dir);
    assert_eq!(refused.code, i32::from(exit::WORKER_REFUSED), "{refused:?}");
    assert!(refused.out.contains("\"absent\""), "the reason reaches the timing pass: {refused:?}");
    names_both(&refused.out);
    // A worker that adds a measure: the trial stays done, with its figures.
    let wanted =
        Trial { measure: vec![protocol::MeasureSpec::new("parameters", 1, json!({}))].into(), ..trial.clone() };
    atomic::write_json(&dir.trial(), &wanted).unwrap();
    let refused = on_trial(&bench, "trial", &dir);
    assert_eq!(refused.code, i32::from(exit::WORKER_REFUSED), "{refused:?}");
    names_both(&refused.err);
    assert_eq!((outcome(&dir).status, measurements(&dir)), (Status::Done, figures.clone()));

    // An interrupted trial that resumes: refused, with its checkpoint kept.
    atomic::write_json(&dir.trial(), &trial).unwrap();
    std::fs::remove_file(dir.outcome()).unwrap();
    std::fs::remove_file(dir.measurements()).unwrap();
    let refused = on_trial(&bench, "trial", &dir);
    assert_eq!(refused.code, i32::from(exit::WORKER_REFUSED), "{refused:?}");
    let Status::Refused { why } = outcome(&dir).status else { panic!("{refused:?}") };
    names_both(&why);
    assert!(dir.checkpoint().exists());

    std::fs::write(&file, &original).unwrap();
    let run = bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet", "--retry-failed"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(measurements(&dir), figures, "the restored trial ends as if nothing had happened");
}
