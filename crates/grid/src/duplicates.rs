//! Detection of duplicates: trials by identity, variants by label.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use protocol::Trial;
use protocol::trial::TRIAL_SCHEMA;

use crate::diagnostics::{Diagnostic, Sink};
use crate::expand::{Cell, Choice};
use crate::grid::Grid;
use crate::labelling::Candidate;
use crate::source::Span;

/// Returns the variants as trials of seed 0, each with the index of its cell. Refuses equal trials and equal labels.
pub(crate) fn variants(
    grid: &Grid,
    cells: &[Cell<'_>],
    candidates: Vec<Candidate<'_>>,
    devices: &BTreeMap<&str, &str>,
    sink: &mut Sink,
) -> Vec<(usize, Trial)> {
    let mut by_hash: HashMap<u64, Vec<usize>> = HashMap::with_capacity(candidates.len());
    let mut labels: HashMap<String, usize> = HashMap::with_capacity(candidates.len());
    let mut places: Vec<(usize, Choice<'_>)> = Vec::with_capacity(candidates.len());
    let mut variants: Vec<(usize, Trial)> = Vec::with_capacity(candidates.len());
    for (index, candidate) in candidates.into_iter().enumerate() {
        let Candidate { cell: at, choice, resolved, label } = candidate;
        let cell = &cells[at];
        let trial = Trial {
            schema: TRIAL_SCHEMA,
            grid: grid.name.clone(),
            variant: label.clone(),
            section: cell.section.map(str::to_owned),
            model: resolved.model,
            data: resolved.data,
            train: resolved.train,
            seed: 0,
            // Where devices are not resolved, the request distinguishes trials as well.
            device: devices.get(cell.device).unwrap_or(&cell.device).to_string(),
            measure: resolved.measure,
        };
        // The identity is slow to compute, so only trials of equal hash are compared by it.
        let alike = by_hash.entry(partial_hash(&trial)).or_default();
        let same_trial = alike.iter().copied().find(|earlier| variants[*earlier].1.id() == trial.id());
        alike.push(index);
        let same_label = *labels.entry(label).or_insert(index);
        places.push((at, choice));
        let clash = |earlier: usize, message: &str, help: &str, label_span: bool| {
            let (here, there) = clashing(cells, &places, index, earlier, label_span);
            Diagnostic::error(format!("{message}: `{}`", trial.variant)).at(&grid.source, here).help(help).note(
                &grid.source,
                there,
                "first listed here",
            )
        };
        if let Some(same_trial) = same_trial {
            let help = match variants[same_trial].1.data.config == trial.data.config {
                true => "with defaults, both have the same model, data, training and device; remove one",
                false => "both paths lead to the same files, and the rest is equal, too; remove one",
            };
            sink.push(clash(same_trial, "the same trial is listed twice", help, false));
        } else if same_label < index {
            let help = "give one of them another `label`, or use a template such as `{model} {data}`";
            sink.push(clash(same_label, "two variants have the same label", help, true));
        }
        variants.push((at, trial));
    }
    variants
}

/// Hash of a part of the identity: equal for trials of equal identity.
fn partial_hash(trial: &Trial) -> u64 {
    let (Trial { model, data, train, .. }, mut hasher) = (trial, DefaultHasher::new());
    (&model.name, model.settings(), &data.name, data.settings(), &data.hash, train.steps, train.batch_size)
        .hash(&mut hasher);
    hasher.finish()
}

/// The two spans of a duplicate: items of an axis within one variant, else labels, variants or blocks.
fn clashing(
    cells: &[Cell<'_>],
    places: &[(usize, Choice<'_>)],
    here: usize,
    there: usize,
    by_label: bool,
) -> (Span, Span) {
    let ((cell, choice), (other_cell, other_choice)) = (&places[here], &places[there]);
    if cell == other_cell
        && let (Some(a), Some(b)) =
            (cells[*cell].distinguishing(choice, other_choice), cells[*cell].distinguishing(other_choice, choice))
    {
        return (a, b);
    }
    let (cell, other) = (&cells[*cell], &cells[*other_cell]);
    // An alias can put the same variant into two blocks.
    if cell.variant.span == other.variant.span {
        return (cell.block_span, other.block_span);
    }
    let span = |cell: &Cell<'_>| match &cell.variant.label {
        Some(label) if by_label => label.span,
        _ => cell.variant.span,
    };
    (span(cell), span(other))
}
