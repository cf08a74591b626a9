//! Deliberate faults: a build without the feature `faults` has none of them, one with it has the one that is named.

#[cfg(not(feature = "faults"))]
#[test]
fn a_build_without_faults_does_not_know_the_variable() {
    use protocol::exit;

    use crate::bench::{Bench, SMALL};

    let program = std::fs::read(env!("CARGO_BIN_EXE_genbench")).expect("the executable");
    let has = |text: &str| program.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(has("GENBENCH_WORKER"), "names of variables are found");
    assert!(!has("GENBENCH_FAULT") && !has("made_mask_leak"), "no code of the faults is left");
    let bench = Bench::with(SMALL);
    let mut command = bench.command(&["plan", "grid.yaml"]);
    let output = command.env("GENBENCH_FAULT", "no such fault").output().expect("the binary starts");
    assert_eq!(output.status.code(), Some(i32::from(exit::DONE)));
}

#[cfg(feature = "faults")]
mod with_faults {
    use std::collections::BTreeMap;

    use protocol::{Status, exit};

    use crate::bench::{Bench, CommandOutput, command_output, outcome, value};

    /// A grid in which each model takes less than a second.
    const GRID: &str = "\
name: small
device: flex
seeds: [0]
data: {name: digits, binarize: threshold}
train: {epochs: 2, batch_size: 50, eval_every: 10}
measure: [nll, elbo]
variants:
  - model: {name: markov, order: 2}
  - model: {name: nade, hidden: 10}
  - model: {name: made, hidden: 20}
  - model: {name: pixel_cnn, channels: 8, blocks: 1, kernel: 5, head: 8}
  - model: {name: vae, hidden: 20, latent: 4}
  - model: {name: gan, hidden: 20, latent: 4}
    measure: [fid_proxy]
";

    fn run(bench: &Bench, fault: &str, results: &str) -> CommandOutput {
        let mut command = bench.command(&["run", "grid.yaml", "--results", results, "--no-timing", "--quiet"]);
        command_output(command.env("GENBENCH_FAULT", fault).output().expect("the binary starts"))
    }

    /// Figures of all trials by id, of those that have a value.
    fn figures(bench: &Bench, fault: &str) -> BTreeMap<String, f64> {
        let results = if fault.is_empty() { "none" } else { fault };
        assert_eq!(run(bench, fault, results).code, i32::from(exit::DONE), "{fault}");
        let grid = protocol::GridDir::new(&bench.path(results), "small");
        let folders =
            std::fs::read_dir(grid.trials()).expect("trials have run").map(|entry| entry.expect("one").path());
        let mut all = BTreeMap::new();
        for dir in folders.map(protocol::TrialDir) {
            let found = outcome(&dir);
            assert_eq!(found.status, Status::Done, "{fault}");
            let recorded = found.build.expect("a build").fault;
            assert_eq!(recorded.as_deref(), Some(fault).filter(|name| !name.is_empty()));
            let names = ["nll", "elbo", "fid_proxy"];
            all.extend(names.iter().filter_map(|name| Some((format!("{} {name}", found.trial), value(&dir, name)?))));
        }
        all
    }

    #[test]
    fn an_unknown_fault_is_refused_with_the_list() {
        let bench = Bench::with(GRID);
        let output = run(&bench, "vae_lk", "results");
        assert_eq!(output.code, i32::from(exit::USAGE), "{output:?}");
        assert!(output.err.contains("`vae_lk`") && output.err.contains("vae_kl, gan_loss"), "{output:?}");
    }

    /// Each fault of quality changes a figure of a model that it concerns, and no trial id. A fault of speed changes none.
    #[test]
    fn every_fault_changes_figures_and_no_id() {
        let bench = Bench::with(GRID);
        let sound = figures(&bench, "");
        assert_eq!(sound.len(), 6, "one figure of each model: {sound:?}");
        for (fault, _) in nn::faults::FAULTS {
            let faulty = figures(&bench, fault);
            assert!(sound.keys().eq(faulty.keys()), "{fault} changes an id");
            let changed = sound.iter().filter(|(key, value)| faulty[*key].to_bits() != value.to_bits()).count();
            assert_eq!(changed == 0, fault.starts_with("slow_"), "{fault} changes {changed} figures");
        }
    }
}
