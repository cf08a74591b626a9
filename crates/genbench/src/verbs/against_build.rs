//! `regress --against-build` and `--against-rev`: speed and counts of this build against another one, timed in turn.

mod json;
mod table;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use analysis::gate::GateVerdict;
use protocol::exit;
use runner::duel::{CountPair, DuelOptions, InstructionPair, VALGRIND, VariantDuel, duel};
use runner::{Interrupts, RunOptions};
use stats::Verdict;

use self::json::as_json;
use self::table::for_people;
use super::results;
use crate::cli::{GateFormatName, RegressArgs};
use crate::failure::Failure;
use crate::output::{note, say};
use crate::registry::Registry;

/// Length of a window in seconds. Short windows that alternate meet the same disturbances.
const WINDOW_S: f64 = 0.005;

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
    if args.instructions && Command::new(VALGRIND).arg("--version").output().is_err() {
        let help = "install valgrind, or leave out --instructions";
        return Err(Failure::environment(format!("--instructions needs `{VALGRIND}`\nhelp: {help}")));
    }
    let command = |program: &Path| -> Vec<OsString> { vec![program.as_os_str().to_owned(), "timing".into()] };
    let options = RunOptions {
        results: args.result.results.clone(),
        timing_worker: command(&std::env::current_exe()?),
        interrupts: Interrupts::install()?,
        ..RunOptions::default()
    };
    let duel_options = DuelOptions {
        baseline: command(&other),
        margin: args.speed_margin,
        budget: args.budget,
        window_s: WINDOW_S,
        instructions: args.instructions,
    };
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
    let sizes = [mebibytes(&other)?, mebibytes(&std::env::current_exe()?)?];
    match args.format {
        GateFormatName::Json => say!("{}", as_json(&all, args.speed_margin, sizes))?,
        _ => for_people(&all, &other, args.speed_margin, sizes)?,
    }
    Ok(exit_code(&all, args.fail_undecided))
}

/// Size of a file.
fn mebibytes(path: &Path) -> std::io::Result<f64> {
    Ok(path.metadata()?.len() as f64 / f64::from(1 << 20))
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
    let counts = all.iter().filter_map(|one| one.counts.as_ref().ok()).flatten().map(CountPair::verdict);
    let instructions = all.iter().filter_map(|one| one.instructions.as_ref().ok()).flatten();
    let counts_more = counts.chain(instructions.map(InstructionPair::verdict)).any(|one| one == GateVerdict::Worse);
    match () {
        () if any(Verdict::Worse) || counts_more => exit::REGRESSION,
        () if open && fail_undecided => exit::REGRESSION,
        () if open => exit::INCONCLUSIVE,
        () => exit::DONE,
    }
}
