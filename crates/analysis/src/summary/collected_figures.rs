//! Collection of a variant's figures over its trials.

use protocol::text::count;
use protocol::{Direction, Kind, Likelihood, Measurement, TrialId, Unit, is_rate};

use super::figure::{Figure, reason, value};
use super::spread::Spread;
use super::trial_state::TrialState;
use super::variants::FigureSummary;
use crate::store::Record;

/// Figures of one variant, collected trial by trial.
#[derive(Default)]
pub(super) struct CollectedFigures {
    present: Vec<Present>,
    absent: Vec<(Figure, u64, String)>,
}

/// A figure with a value in some trial.
struct Present {
    figure: Figure,
    values: Vec<(TrialId, f64)>,
    errors: Vec<f64>,
    images: Option<u64>,
    /// Number of seeds with a collapsed model, whose values are left out.
    collapsed: usize,
    remarks: Vec<String>,
    likelihood: Option<Likelihood>,
}

impl CollectedFigures {
    /// Adds the figures of one trial.
    pub(super) fn add(&mut self, record: &Record, state: &TrialState) {
        for measurement in &record.measurements {
            self.add_one(record, state, measurement);
        }
        let counted = record.outcome.as_ref().and_then(|outcome| outcome.parameters);
        if let Some(parameters) = counted.filter(|_| record.measurements.iter().all(|m| m.name != "parameters")) {
            let value = parameters as f64;
            let parameters = Measurement::new("parameters", Kind::Exact, Unit::Count, Direction::Neither, value);
            self.add_one(record, state, &parameters);
        }
    }

    fn add_one(&mut self, record: &Record, state: &TrialState, measurement: &Measurement) {
        let figure = Figure::of_record(measurement, record);
        let reason = reason(measurement).map(str::to_owned);
        let Some(value) = value(measurement) else {
            self.absent.extend(reason.map(|reason| (figure, state.seed, reason)));
            return;
        };
        let at = self.present.iter().position(|known| known.figure == figure).unwrap_or_else(|| {
            self.present.push(Present {
                figure,
                values: Vec::new(),
                errors: Vec::new(),
                images: None,
                collapsed: 0,
                remarks: Vec::new(),
                likelihood: measurement.likelihood.clone(),
            });
            self.present.len() - 1
        });
        let present = &mut self.present[at];
        if state.collapsed() && describes_the_model(&present.figure) {
            present.collapsed += 1;
            return;
        }
        present.values.push((record.id.clone(), value));
        present.images = measurement.n.into_iter().chain(present.images).min();
        present.errors.extend(measurement.se);
        if let Some(remark) = reason {
            push_once(&mut present.remarks, remark);
        }
    }

    /// Summarises the collected figures.
    pub(super) fn finish(self) -> Vec<FigureSummary> {
        let mut figures: Vec<_> = self.present.into_iter().map(summed).collect();
        for (figure, seed, reason) in self.absent {
            // Kind and support of an absent figure are unknown.
            let matches = |known: &&mut FigureSummary| {
                (&known.figure.name, &known.figure.settings, &known.figure.machine)
                    == (&figure.name, &figure.settings, &figure.machine)
            };
            match figures.iter_mut().find(matches) {
                Some(known) if known.spread.is_some() => {
                    push_once(&mut known.reasons, format!("seed {seed}: {reason}"))
                }
                Some(known) => push_once(&mut known.reasons, reason),
                None => figures.push(FigureSummary {
                    figure,
                    trials: Vec::new(),
                    values: Vec::new(),
                    spread: None,
                    se_test: None,
                    images: None,
                    reasons: vec![reason],
                    likelihood: None,
                }),
            }
        }
        figures
    }
}

fn summed(present: Present) -> FigureSummary {
    let Present { figure, values, errors, images, collapsed, mut remarks, likelihood } = present;
    if collapsed > 0 {
        let mean = if values.is_empty() { "no mean" } else { "the mean is over the other seeds" };
        remarks.push(format!("{} collapsed: {mean}", count(collapsed, "seed")));
    }
    let (trials, values): (Vec<_>, Vec<_>) = values.into_iter().unzip();
    // A mean over some of the seeds would look like a mean over all.
    let se_test = Spread::of(&errors).filter(|errors| errors.n == values.len()).map(|errors| errors.mean);
    let spread = Spread::of(&values);
    FigureSummary { figure, trials, spread, values, se_test, images, reasons: remarks, likelihood }
}

/// Returns whether a collapsed model has no part in the mean of a figure. Rates and costs are over all models.
fn describes_the_model(figure: &Figure) -> bool {
    let is_count = figure.name == "parameters" && figure.unit == Unit::Count;
    !(is_rate(&figure.name) || figure.volatile || is_count)
}

fn push_once(reasons: &mut Vec<String>, reason: String) {
    if !reasons.contains(&reason) {
        reasons.push(reason);
    }
}
