//! What stands in the grid twice: trials by their meaning, variants by their label.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use protocol::Trial;
use protocol::trial::TRIAL_SCHEMA;

use crate::diagnostics::{Diagnostic, Sink};
use crate::expand::{Cell, Choice};
use crate::meaning::Grid;
use crate::naming::Candidate;
use crate::source::Span;

/// The variants as trials of seed 0, each with its cell. What stands in the grid twice is refused.
pub(crate) fn variants(
    grid: &Grid,
    cells: &[Cell<'_>],
    candidates: Vec<Candidate<'_>>,
    devices: &BTreeMap<&str, &str>,
    sink: &mut Sink,
) -> Vec<(usize, Trial)> {
    let mut meanings: HashMap<u64, Vec<usize>> = HashMap::with_capacity(candidates.len());
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
            // A device that is not asked for is as good as its request for telling trials apart.
            device: devices.get(cell.device).unwrap_or(&cell.device).to_string(),
            measure: resolved.measure,
        };
        // The identity is dear: it is asked only of those that may share one.
        let alike = meanings.entry(meaning(&trial)).or_default();
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
            let help = "model, data, training and device are the same once defaults are filled in: list it once";
            sink.push(clash(same_trial, "the same trial is listed twice", help, false));
        } else if same_label < index {
            let help = "give one of them a `label` of its own, or a template such as `{model} {data}`";
            sink.push(clash(same_label, "two variants have the same label", help, true));
        }
        variants.push((at, trial));
    }
    variants
}

/// A hash that is the same for all trials of the same identity.
fn meaning(trial: &Trial) -> u64 {
    let (Trial { model, data, train, .. }, mut hasher) = (trial, DefaultHasher::new());
    (&model.name, &model.config, &data.name, &data.config, train.steps, train.batch_size).hash(&mut hasher);
    hasher.finish()
}

/// The two places of a clash: items of an axis within one variant, else labels, variants or blocks.
fn clashing(
    cells: &[Cell<'_>],
    places: &[(usize, Choice<'_>)],
    here: usize,
    there: usize,
    label: bool,
) -> (Span, Span) {
    let ((cell, choice), (other_cell, other_choice)) = (&places[here], &places[there]);
    if cell == other_cell
        && let (Some(a), Some(b)) =
            (cells[*cell].parting(choice, other_choice), cells[*cell].parting(other_choice, choice))
    {
        return (a, b);
    }
    let (cell, other) = (&cells[*cell], &cells[*other_cell]);
    // An alias brings the same variant into two blocks.
    if cell.variant.span == other.variant.span {
        return (cell.block_span, other.block_span);
    }
    let span = |cell: &Cell<'_>| match &cell.variant.label {
        Some(written) if label => written.span,
        _ => cell.variant.span,
    };
    (span(cell), span(other))
}
