//! Two builds timed in turn, by scripted timing workers.

use std::fs;
use std::time::Duration;

use analysis::gate::GateVerdict;
use protocol::timing::Window;
use stats::Verdict;

use super::bench::{Bench, plan};
use crate::duel::{DuelOptions, VariantDuel, duel, median};
use crate::options::RunOptions;

/// A timing worker whose windows take this many milliseconds per unit, give or take a little by process. Something disturbs every
/// window with a number that is a multiple of `disturbed`: it takes three times as long. It allocates as often per step.
fn worker(bench: &Bench, name: &str, milliseconds: u32, disturbed: u32) -> Vec<std::ffi::OsString> {
    let path = bench.path(name);
    let script = format!(
        r#"
echo {name} >> "$LOG"
echo '{{"reply":"ready"}}'
n=0
while read -r line; do
  n=$((n + 1))
  case $line in
    *count*) echo '{{"reply":"counted","units":9,"counts":{{"allocations":{milliseconds}}}}}' ;;
    *evaluate*) echo '{{"reply":"absent","reason":"no density"}}' ;;
    *)
      seconds=$(( ({milliseconds} + $$ % 2) * (n % {disturbed} ? 1 : 3) ))
      echo '{{"reply":"timed","units":1000,"images":0,"seconds":'$seconds'.0}}' ;;
  esac
done
"#
    );
    fs::write(&path, script).unwrap();
    vec!["sh".into(), path.into_os_string()]
}

fn outcome(ours: u32, theirs: u32) -> (Bench, VariantDuel) {
    outcome_of_disturbed((ours, u32::MAX), (theirs, u32::MAX))
}

/// Each side has the time of a window, and which windows are disturbed.
fn outcome_of_disturbed(ours: (u32, u32), theirs: (u32, u32)) -> (Bench, VariantDuel) {
    let bench = Bench::new();
    let plan = plan(&[("ok", 1), ("ok", 2), ("diverging", 1)]);
    bench.run(&plan);
    let _ = fs::remove_file(bench.path("log"));
    let options = RunOptions { timing_worker: worker(&bench, "ours", ours.0, ours.1), ..bench.options.clone() };
    let baseline = worker(&bench, "theirs", theirs.0, theirs.1);
    let duel_options =
        DuelOptions { baseline, margin: 0.05, budget: Duration::from_secs(120), window_s: 0.01, instructions: false };
    let mut blocks = 0;
    let mut all = duel(&plan, &options, &duel_options, &mut |_, block| blocks = block).unwrap();
    assert_eq!(all.len(), 1, "one finished trial per variant");
    let one = all.remove(0);
    assert_eq!(one.blocks, blocks);
    (bench, one)
}

#[test]
fn a_slower_build_is_worse_and_the_order_of_a_block_is_balanced() {
    let (bench, one) = outcome(1_200, 1_000);
    let train = &one.windows[0];
    assert_eq!((train.window, train.look.unwrap().verdict), (Window::Train, Verdict::Worse));
    assert!((train.look.unwrap().loss - 1.2_f64.ln()).abs() < 0.01, "{train:?}");
    assert_eq!(one.windows[1].absent.as_deref(), Some("no density"));
    assert!(one.is_decided() && one.blocks < 48, "{one:?}");
    let started = fs::read_to_string(bench.path("log")).unwrap();
    let mut names: Vec<&str> = started.lines().collect();
    // The counts of both builds, after the first block.
    assert_eq!(names.drain(2..4).collect::<Vec<_>>(), ["theirs", "ours"]);
    assert_eq!(names.len(), 2 * one.blocks);
    assert!(names.chunks(4).all(|blocks| blocks == ["theirs", "ours", "ours", "theirs"]), "{names:?}");
    assert!(median(one.costs.0.iter().map(|cost| cost.start_s)).is_some_and(|seconds| seconds > 0.0));
}

#[test]
fn counts_of_both_builds_are_compared_exactly() {
    let (_, one) = outcome(1_001, 1_000);
    let counts = one.counts.unwrap();
    assert_eq!(counts.len(), 3, "{counts:?}");
    assert_eq!((counts[0].figure.as_str(), counts[0].baseline, counts[0].run), ("train_allocations", 1_000.0, 1_001.0));
    assert!(counts.iter().all(|pair| pair.verdict() == GateVerdict::Worse));
    let (_, equal) = outcome(1_000, 1_000);
    assert!(equal.counts.unwrap().iter().all(|pair| pair.verdict() == GateVerdict::Identical));
}

#[test]
fn equal_builds_are_equivalent() {
    let (_, one) = outcome(1_000, 1_000);
    assert_eq!(one.windows[0].look.unwrap().verdict, Verdict::Equivalent, "{one:?}");
}

#[test]
fn disturbed_windows_do_no_harm() {
    let (_, one) = outcome_of_disturbed((1_000, 5), (1_000, 7));
    assert_eq!(one.windows[0].look.unwrap().verdict, Verdict::Equivalent, "{one:?}");
    assert!(one.windows[0].losses.iter().all(|loss| loss.abs() < 0.01), "{one:?}");
}

#[test]
fn a_build_that_cannot_time_the_trial_is_named() {
    let bench = Bench::new();
    let plan = plan(&[("ok", 1)]);
    bench.run(&plan);
    let path = bench.path("broken");
    fs::write(&path, "exit 3\n").unwrap();
    let baseline = vec!["sh".into(), path.into_os_string()];
    let options =
        DuelOptions { baseline, margin: 0.05, budget: Duration::from_secs(9), window_s: 0.01, instructions: false };
    let all = duel(&plan, &bench.options, &options, &mut |_, _| {}).unwrap();
    assert!(all[0].failed.as_ref().unwrap().starts_with("the other build: the timing worker ended"), "{all:?}");
}
