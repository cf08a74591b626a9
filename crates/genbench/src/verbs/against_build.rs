//! `regress --against-build` and `--against-rev`: speed and counts of this build against another one, timed in turn.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use protocol::exit;
use runner::duel::{Costs, CountPair, DuelOptions, DuelWindow, VariantDuel, duel, median};
use runner::{Interrupts, RunOptions};
use serde_json::json;
use stats::Verdict;

use super::results;
use crate::cli::{GateFormatName, RegressArgs};
use crate::failure::Failure;
use crate::output::{self, note, say};
use crate::registry::Registry;

/// Length of a window in seconds.
const WINDOW_S: f64 = 0.1;

/// Times both builds and prints the ratios.
pub(crate) fn against_build(args: &RegressArgs, registry: &Registry) -> Result<u8, Failure> {
    if ![GateFormatName::Text, GateFormatName::Json].contains(&args.format) {
        let help = "use --format text or --format json";
        return Err(Failure::usage(format!("a comparison of two builds has no such format\nhelp: {help}")));
    }
    let results = results::read(&args.result, registry)?;
    let other = match (&args.against_build, &args.against_rev) {
        (Some(path), _) => executable(path)?,
        (None, Some(revision)) => built(revision)?,
        (None, None) => return Err(Failure::internal("no other build")),
    };
    let command = |program: &Path| -> Vec<OsString> { vec![program.as_os_str().to_owned(), "timing".into()] };
    let options = RunOptions {
        results: args.result.results.clone(),
        timing_worker: command(&std::env::current_exe()?),
        interrupts: Interrupts::install()?,
        ..RunOptions::default()
    };
    let duel_options =
        DuelOptions { baseline: command(&other), margin: args.speed_margin, budget: args.budget, window_s: WINDOW_S };
    let mut last = String::new();
    let all = duel(results.plan(), &options, &duel_options, &mut |variant, blocks| {
        if last != variant {
            note!("timing {variant} by both builds");
            variant.clone_into(&mut last);
        }
        let _ = blocks;
    })?;
    if all.is_empty() {
        let help = format!("run its grid first: genbench run {}", args.result.words());
        return Err(Failure::usage(format!("no trial of {} is done\nhelp: {help}", results.plan().grid)));
    }
    if let Some(reason) = all[0].failed.as_ref().filter(|_| all[0].blocks == 0) {
        let help = "both builds must answer `genbench timing FOLDER`; name an executable of genbench";
        return Err(Failure::usage(format!("{}: {reason}\nhelp: {help}", all[0].variant)));
    }
    match args.format {
        GateFormatName::Json => say!("{}", as_json(&all, args.speed_margin))?,
        _ => for_people(&all, &other, args.speed_margin)?,
    }
    Ok(exit_code(&all, args.fail_undecided))
}

/// The other executable, with its absolute path.
fn executable(path: &Path) -> Result<PathBuf, Failure> {
    if path.is_file() {
        return Ok(path.canonicalize()?);
    }
    let help = "name an executable of genbench, such as target/release/genbench of another checkout";
    Err(Failure::usage(format!("there is no file {}\nhelp: {help}", path.display())))
}

/// Builds a commit of the repository of the current folder in a worktree of its own.
fn built(revision: &str) -> Result<PathBuf, Failure> {
    let git = |arguments: &[&str]| -> Result<String, Failure> {
        let output = Command::new("git").args(arguments).output()?;
        match output.status.success() {
            true => Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned()),
            false => Err(Failure::usage(format!(
                "git {}: {}",
                arguments.join(" "),
                String::from_utf8_lossy(&output.stderr).trim()
            ))),
        }
    };
    let root = PathBuf::from(git(&["rev-parse", "--show-toplevel"])?);
    let commit = git(&["rev-parse", "--verify", &format!("{revision}^{{commit}}")])?;
    let program = std::env::current_exe()?;
    let name = program.file_name().unwrap_or_default().to_owned();
    let folder = root.join("target").join("against").join(&commit[..12.min(commit.len())]);
    let binary = folder.join("target/release").join(name);
    if binary.exists() {
        return Ok(binary);
    }
    let source = folder.join("source");
    if !source.exists() {
        git(&["worktree", "add", "--detach", &source.to_string_lossy(), &commit])?;
    }
    note!("building {commit} in {}", folder.display());
    let status = Command::new("cargo")
        .args(["build", "--release"])
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .current_dir(&source)
        .status()?;
    if !binary.exists() {
        git(&["worktree", "remove", "--force", &source.to_string_lossy()])?;
    }
    match (status.success(), binary.exists()) {
        (true, true) => Ok(binary),
        (true, false) => Err(Failure::usage(format!("the build of {revision} made no {}", binary.display()))),
        (false, _) => Err(Failure::usage(format!("{revision} does not build: `cargo build --release` failed"))),
    }
}

fn exit_code(all: &[VariantDuel], fail_undecided: bool) -> u8 {
    if all.iter().any(|one| one.stopped) {
        return exit::INTERRUPTED;
    }
    let any = |wanted: Verdict| {
        all.iter().flat_map(|one| &one.windows).any(|one| one.look.is_some_and(|look| look.verdict == wanted))
    };
    let open = all.iter().any(|one| !one.is_decided());
    let counts_more = all.iter().filter_map(|one| one.counts.as_ref().ok()).flatten().any(CountPair::is_worse);
    match () {
        () if any(Verdict::Worse) || counts_more => exit::REGRESSION,
        () if open && fail_undecided => exit::REGRESSION,
        () if open => exit::INCONCLUSIVE,
        () => exit::DONE,
    }
}

fn for_people(all: &[VariantDuel], other: &Path, margin: f64) -> Result<(), Failure> {
    use std::io::Write;
    let mut out = output::people();
    writeln!(
        out,
        "speed of this build against {}: ratio above 1 is faster, margin {:.1}%\n",
        other.display(),
        100.0 * margin
    )?;
    let width = all.iter().map(|one| one.variant.chars().count()).max().unwrap_or_default();
    for one in all {
        for window in &one.windows {
            writeln!(out, "{:width$}  {}", one.variant, line(window))?;
        }
        for line in count_lines(one) {
            writeln!(out, "{:width$}  {line}", one.variant)?;
        }
        writeln!(out, "{:width$}  {}", one.variant, costs(one))?;
        if let Some(reason) = &one.failed {
            writeln!(out, "{:width$}  not timed: {reason}", one.variant)?;
        }
        if one.stopped {
            writeln!(out, "{:width$}  stopped", one.variant)?;
        }
    }
    Ok(out.flush()?)
}

fn name(window: &DuelWindow) -> String {
    json!(window.window).as_str().unwrap_or_default().to_owned()
}

/// One line of the table: `train     0.91 [0.89, 0.93]  WORSE  12 blocks`.
fn line(window: &DuelWindow) -> String {
    let name = name(window);
    let Some(look) = window.look else {
        let reason = window.absent.clone().unwrap_or_else(|| "fewer than four blocks".to_owned());
        return format!("{name:9} -  {reason}");
    };
    let ratio = |loss: f64| (-loss).exp();
    let (low, high) = (ratio(look.interval.high), ratio(look.interval.low));
    let verdict = if look.verdict == Verdict::Worse { "WORSE".to_owned() } else { look.verdict.to_string() };
    let seen = match look.verdict {
        Verdict::Undecided => format!("; sees a ratio below {:.3}", ratio(look.visible)),
        _ => String::new(),
    };
    format!("{name:9} {:.3} [{low:.3}, {high:.3}]  {verdict}  {} blocks{seen}", ratio(look.loss), look.n)
}

/// Lines of the counts: one if all are equal, else one for each count that differs.
fn count_lines(one: &VariantDuel) -> Vec<String> {
    let pairs = match &one.counts {
        Ok(pairs) if pairs.is_empty() => return Vec::new(),
        Ok(pairs) => pairs,
        Err(reason) => return vec![format!("counts    -  {reason}")],
    };
    let differing: Vec<&CountPair> = pairs.iter().filter(|pair| pair.run != pair.baseline).collect();
    if differing.is_empty() {
        return vec![format!("counts    identical: {}", protocol::text::count(pairs.len(), "count"))];
    }
    let line = |pair: &CountPair| {
        let verdict = if pair.is_worse() { "WORSE" } else { "better" };
        format!("counts    {}: {} -> {}  {verdict}", pair.figure, pair.baseline, pair.run)
    };
    differing.into_iter().map(line).collect()
}

fn costs(one: &VariantDuel) -> String {
    let side = |costs: &[Costs]| {
        (median(costs.iter().map(|cost| cost.start_s)), median(costs.iter().filter_map(|cost| cost.memory_mib)))
    };
    let ((start_before, memory_before), (start, memory)) = (side(&one.costs.0), side(&one.costs.1));
    let pair = |before: Option<f64>, after: Option<f64>, unit: &str| match (before, after) {
        (Some(before), Some(after)) => format!("{before:.2} -> {after:.2} {unit}"),
        _ => "-".to_owned(),
    };
    format!("start     {}; peak memory {}", pair(start_before, start, "s"), pair(memory_before, memory, "MiB"))
}

fn as_json(all: &[VariantDuel], margin: f64) -> serde_json::Value {
    let window = |window: &DuelWindow| {
        json!({
            "window": window.window,
            "blocks": window.losses.len(),
            "log_losses": window.losses,
            "ratio": window.look.map(|look| (-look.loss).exp()),
            "interval": window.look.map(|look| [(-look.interval.high).exp(), (-look.interval.low).exp()]),
            "verdict": window.look.map(|look| look.verdict.to_string()),
            "absent": window.absent,
        })
    };
    let cost = |costs: &[Costs]| {
        json!({
            "start_s": median(costs.iter().map(|cost| cost.start_s)),
            "memory_mib": median(costs.iter().filter_map(|cost| cost.memory_mib)),
        })
    };
    let count = |pair: &CountPair| {
        json!({"figure": pair.figure, "unit": pair.unit, "baseline": pair.baseline, "run": pair.run})
    };
    let variant = |one: &VariantDuel| {
        json!({
            "variant": one.variant,
            "windows": one.windows.iter().map(window).collect::<Vec<_>>(),
            "counts": one.counts.as_ref().ok().map(|pairs| pairs.iter().map(count).collect::<Vec<_>>()),
            "not_counted": one.counts.as_ref().err(),
            "baseline": cost(&one.costs.0),
            "run": cost(&one.costs.1),
            "failed": one.failed,
            "stopped": one.stopped,
        })
    };
    json!({"schema": 1, "margin": margin, "variants": all.iter().map(variant).collect::<Vec<_>>()})
}
