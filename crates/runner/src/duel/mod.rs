//! Duel: two builds are timed in turn, in one job, until the difference of their speeds is decided.
//!
//! A block has a fresh process of each build. Both are loaded and wait, and short windows alternate, A B, B A, A B, and so on, so
//! that other processes on the machine slow down both builds alike. Each process has an environment of another size, and the
//! system places it at another address. One block gives one observation for each kind of window: the median of the logarithms
//! of the ratios of its pairs. Counts of both builds are compared beside it.

mod block;
mod counts;
mod instructions;
mod outcome;

use std::ffi::OsString;
use std::time::{Duration, Instant};

use protocol::timing::Window;
use protocol::{GridDir, Plan};
use stats::{Verdict, look, next_look};

pub use self::counts::CountPair;
pub use self::instructions::{InstructionPair, VALGRIND};
pub use self::outcome::{Costs, DuelWindow, Side, VariantDuel};
pub use crate::timing::median;

use self::block::Block;
use crate::error::RunError;
use crate::options::RunOptions;
use crate::timing::duel_targets;

/// Windows that are compared.
pub const WINDOWS: [Window; 3] = [Window::Train, Window::Evaluate, Window::Sample];
/// Accepted probability of a false verdict of a variant, over its windows.
const ALPHA: f64 = 0.01;

/// Options of a duel.
#[derive(Clone, Debug)]
pub struct DuelOptions {
    /// Command of the timing worker of the other build, which is the baseline; the trial's folder is appended.
    pub baseline: Vec<OsString>,
    /// Relative slowdown that does not matter.
    pub margin: f64,
    /// Time for each variant.
    pub budget: Duration,
    /// Length of a window in seconds.
    pub window_s: f64,
    /// Count instructions as well, by [`VALGRIND`].
    pub instructions: bool,
}

impl DuelOptions {
    /// The logarithm of the ratio that does not matter.
    fn log_margin(&self) -> f64 {
        -(1.0 - self.margin).ln()
    }
}

/// Times one finished trial of each variant of `plan` by both builds. `on_block` is called at the start of a variant and after
/// each block, with the label of the variant and the number of its blocks.
///
/// # Errors
/// A worker cannot be started.
pub fn duel(
    plan: &Plan,
    options: &RunOptions,
    duel: &DuelOptions,
    on_block: &mut dyn FnMut(&str, usize),
) -> Result<Vec<VariantDuel>, RunError> {
    let grid = GridDir::new(&options.results, &plan.grid);
    let _guard = options.interrupts.listen();
    let mut stopped = false;
    let mut stop = || {
        stopped |= options.interrupts.take_interrupt() | options.interrupts.take_terminate();
        stopped
    };
    let mut all = Vec::new();
    for record in duel_targets(plan, &grid) {
        let mut found = VariantDuel::new(&record.trial.variant);
        let began = Instant::now();
        on_block(&found.variant, 0);
        loop {
            match Block::run(&record, options, duel, found.blocks, &mut stop)? {
                _ if stop() => {
                    found.stopped = true;
                    break;
                }
                Ok(block) => found.add(&block),
                Err(reason) => {
                    found.failed = Some(reason);
                    break;
                }
            }
            if found.blocks == 1 {
                found.counts = counts::counts(&record, options, duel, &mut stop)?;
            }
            on_block(&found.variant, found.blocks);
            judge(&mut found, duel);
            let spent = began.elapsed() + began.elapsed() / found.blocks.max(1) as u32;
            if found.is_decided() || next_look(found.blocks).is_none() || spent > duel.budget {
                break;
            }
        }
        if duel.instructions && found.blocks > 0 && !found.stopped {
            found.instructions = instructions::instructions(&record, options, duel, &mut stop)?;
            found.stopped = stop();
        }
        // A build that cannot time the first trial will hardly time another one.
        let ends = found.stopped || (found.blocks == 0 && found.failed.is_some() && all.is_empty());
        all.push(found);
        if ends {
            break;
        }
    }
    Ok(all)
}

/// Looks at the observations of each window. A decided window stays decided.
fn judge(found: &mut VariantDuel, duel: &DuelOptions) {
    let alpha = ALPHA / WINDOWS.len() as f64;
    for window in &mut found.windows {
        let open = window.look.is_none_or(|look| look.verdict == Verdict::Undecided);
        if open {
            window.look = look(&window.losses, duel.log_margin(), alpha).or(window.look);
        }
    }
}
