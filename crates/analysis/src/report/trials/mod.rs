//! Details of every trial: settings, values per seed, pictures, the end of stderr, paths, and the command that repeats it.

mod rerun;
mod stderr;

use serde::Serialize;

use self::rerun::Rerun;
use self::stderr::last_lines;
use super::axes_of_grid::{Settings, settings};
use super::group_data::grouped;
use super::samples::names;
use super::variant_style::{VariantStyle, VariantStyles};
use crate::duration;
use crate::results::Results;
use crate::store::Record;
use crate::summary::{Figure, TrialState, VariantSummary, figure_labels, value};
use crate::tables::{digits_after_point, heads, readable};

/// Trials of a variant.
#[derive(Debug, Serialize)]
pub(super) struct VariantTrials {
    pub(super) style: VariantStyle,
    pub(super) states: String,
    /// `true` if the page has samples of the variant.
    pub(super) has_samples: bool,
    /// Names of the pictures in the folders of the trials.
    pub(super) pictures: Vec<String>,
    /// Settings that differ between the variants of the grid.
    pub(super) settings: Vec<(String, String)>,
    /// Name with direction and unit of each figure.
    pub(super) figures: Vec<String>,
    pub(super) trials: Vec<TrialDetail>,
}

/// One trial.
#[derive(Debug, Serialize)]
pub(super) struct TrialDetail {
    pub(super) seed: u64,
    pub(super) id: String,
    pub(super) status: String,
    pub(super) reason: String,
    /// One value per figure of the variant.
    pub(super) values: Vec<String>,
    pub(super) train_time: String,
    pub(super) attempts: Option<u32>,
    pub(super) trace: Option<String>,
    /// Last lines of stderr; empty without output.
    pub(super) stderr: String,
    pub(super) command: String,
}

/// Details of all trials, by variant. `shown` has the variants whose samples are on the page.
pub(super) fn variant_trials(results: &Results, styles: &VariantStyles, shown: &[VariantStyle]) -> Vec<VariantTrials> {
    let (summary, rerun) = (results.summary(), Rerun::of(results.grid(), &results.plan().grid));
    let records = |variant: &VariantSummary| -> Vec<&Record> {
        results.records().iter().filter(|record| record.trial.variant == variant.variant).collect()
    };
    let all: Vec<(&VariantSummary, Vec<&Record>)> =
        summary.variants.iter().map(|variant| (variant, records(variant))).collect();
    let first_settings: Vec<Settings> =
        all.iter().filter_map(|(_, records)| Some(settings(&records.first()?.trial))).collect();
    let differs = |name: &String, value: &String| {
        // A setting of one model is no difference from another model.
        first_settings.iter().any(|other| other.get(name).is_some_and(|other| other != value))
    };
    let variant = |(variant, records): &(&VariantSummary, Vec<&Record>)| {
        let settings = records.first().map(|record| settings(&record.trial)).unwrap_or_default();
        let figures: Vec<&Figure> =
            variant.figures.iter().filter(|summed| summed.spread.is_some()).map(|summed| &summed.figure).collect();
        let labels = figure_labels(&figures.iter().copied().cloned().collect::<Vec<_>>());
        let head = |(label, figure): (&String, &&Figure)| {
            let [name, unit, _] = heads(label, figure, false);
            if unit.is_empty() { name } else { format!("{name} ({unit})") }
        };
        VariantTrials {
            style: styles.get(&variant.variant),
            states: states(variant),
            has_samples: shown.contains(&styles.get(&variant.variant)),
            pictures: pictures(records),
            settings: settings.into_iter().filter(|(name, value)| differs(name, value)).collect(),
            figures: labels.iter().zip(&figures).map(head).collect(),
            trials: records.iter().map(|record| detail(record, &figures, &rerun)).collect(),
        }
    };
    all.iter().map(variant).collect()
}

/// Names of the pictures that any of the trials has.
fn pictures(records: &[&Record]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for name in records.iter().flat_map(|record| names(&record.dir.samples()).unwrap_or_default()) {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

fn states(variant: &VariantSummary) -> String {
    let (done, all) = (variant.done(), variant.trials.len());
    let (lost, _) = variant.lost();
    let lost = if lost > 0 { format!(", {lost} failed or collapsed") } else { String::new() };
    format!("{done} of {all} done{lost}")
}

fn detail(record: &Record, figures: &[&Figure], rerun: &Rerun) -> TrialDetail {
    let state = TrialState::of(record);
    let (status, reason) = state.status_and_reason();
    let outcome = record.outcome.as_ref();
    let text = |figure: &&Figure| {
        let found = record.measurements.iter().find(|measurement| Figure::of_record(measurement, record) == **figure);
        let number = found.and_then(value);
        let decimals = |value: f64| if value.fract() == 0.0 { 0 } else { digits_after_point(value, 5) };
        number.map_or_else(|| "—".to_owned(), |value| grouped(&readable(value, decimals(value))))
    };
    let id = record.id.0.clone();
    TrialDetail {
        seed: record.trial.seed,
        status,
        reason: reason.unwrap_or_default().to_owned(),
        values: figures.iter().map(text).collect(),
        train_time: outcome.filter(|o| o.train_s.is_finite()).map(|o| duration(o.train_s)).unwrap_or_default(),
        attempts: outcome.map(|outcome| outcome.attempts),
        trace: record.dir.trace().exists().then(|| format!("trials/{id}/trace.jsonl")),
        stderr: last_lines(&record.dir.stderr()),
        command: rerun.command(&record.trial),
        id,
    }
}
