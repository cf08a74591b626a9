//! The language of grids, with a small catalog.

use grid::{Diagnostics, Overrides, parse_and_plan};

#[path = "../../crates/runner/benches/support/catalog.rs"]
mod catalog;

/// A grid that `--set` changes.
const GRID: &str = "name: g\nseeds: 2\ndata: digits\ntrain: {steps: 10, batch_size: 4}\nmeasure: [nll]\n\
                    variants:\n  - model: {name: nade, hidden: 5}\n    matrix: {model.lr: [0.1, 0.2]}\n  - model: vae\n";

/// Most trials in a plan of this target: the product of `seeds` and the axes may be a million, which takes seconds.
const FEW_SEEDS: [u64; 1] = [0];

fn plan(text: &str, set: Vec<String>) {
    let overrides = Overrides { set, seeds: Some(FEW_SEEDS.to_vec()), ..Overrides::default() };
    let show = |diagnostics: &Diagnostics| assert!(diagnostics.to_string().len() < 64 << 20);
    match parse_and_plan("grid.yaml", text, &catalog::Small, &overrides) {
        Ok((grid, plan)) => {
            assert!(!plan.trials.is_empty() || !plan.facts.is_empty() || text.contains("facts"));
            show(grid.warnings());
        }
        Err(diagnostics) => {
            assert!(diagnostics.has_errors());
            show(&diagnostics);
        }
    }
}

/// The text of a grid.
pub fn grid(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        plan(text, vec![]);
    }
}

/// Settings of the command line, one a line.
pub fn set(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        plan(GRID, text.lines().map(str::to_owned).collect());
    }
}
