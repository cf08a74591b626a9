//! Made-up variants with terms per image.

use std::collections::HashMap;

use protocol::{Compare, Direction, Kind, Likelihood, Measurement, Pairs, Status, Support, TrialId, Unit};

use super::super::super::{Comparisons, ImageTerms};
use super::super::{LikelihoodComparison, LikelihoodTable, Scope};
use crate::summary::{Figure, FigureSummary, Spread, Summary, TrialState, VariantSummary};

/// Number of seeds of a variant.
pub(super) const SEEDS: usize = 3;

/// A figure to be made.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) role: Likelihood,
    /// Number of the first images that it took.
    pub(crate) images: usize,
    /// Log-likelihood, averaged over images and seeds without their noise.
    pub(crate) mean: f64,
    /// `true` if its terms are kept.
    pub(crate) kept: bool,
}

/// An exact negative log-likelihood.
pub(crate) fn exact(images: usize, mean: f64) -> Made {
    Made { name: "nll", kind: Kind::Exact, role: Likelihood::value("nll"), images, mean, kept: true }
}

/// A lower bound.
pub(crate) fn bound(name: &'static str, images: usize, mean: f64) -> Made {
    Made { name, kind: Kind::LowerBound, role: Likelihood::value(name), images, mean, kept: true }
}

/// The gap of a bound on simulated images.
pub(crate) fn gap(name: &'static str, of: &'static str, mean: f64) -> Made {
    Made { name, kind: Kind::Estimate, role: Likelihood::gap(of), images: 20, mean, kept: false }
}

/// Term of an image: hard images are hard for all models; the seed and the image add a little to each model.
fn term(made: &Made, variant: usize, seed: usize, image: usize) -> f64 {
    if matches!(made.role, Likelihood::Gap { .. }) {
        return made.mean;
    }
    let hard = 6.0 * (1.7 * image as f64).sin();
    let of_image = 0.02 * (((variant + 1) * (image + 1)) as f64).sin();
    made.mean + hard + of_image + 0.01 * (seed as f64 - 1.0) * (1.0 + 0.1 * variant as f64)
}

/// Variants of one section with their terms.
#[derive(Default)]
pub(crate) struct Models {
    pub(crate) variants: Vec<VariantSummary>,
    terms: HashMap<(TrialId, String), Vec<f64>>,
}

impl Models {
    /// Adds a variant with these figures.
    pub(crate) fn with(mut self, name: &str, figures: &[Made]) -> Self {
        let number = name.bytes().map(usize::from).sum::<usize>() % 11;
        let ids: Vec<TrialId> = (0..SEEDS).map(|seed| TrialId(format!("{name}{seed}"))).collect();
        let state = |seed: usize| TrialState {
            id: ids[seed].clone(),
            seed: seed as u64,
            status: Status::Done.word(),
            reason: None,
            collapse: None,
        };
        let figures = figures.iter().map(|made| {
            let is_exact = made.kind == Kind::Exact;
            let (sign, direction) = if is_exact { (-1.0, Direction::Lower) } else { (1.0, Direction::Higher) };
            let mut values = Vec::new();
            for (seed, id) in ids.iter().enumerate() {
                let terms: Vec<f64> = (0..made.images).map(|image| sign * term(made, number, seed, image)).collect();
                values.push(terms.iter().sum::<f64>() / made.images as f64);
                if made.kept {
                    self.terms.insert((id.clone(), made.name.to_owned()), terms);
                }
            }
            let figure = Measurement::new(made.name, made.kind, Unit::Nats, direction, 0.0).on(Support::Binary);
            FigureSummary {
                figure: Figure::of(&figure),
                trials: ids.clone(),
                spread: Spread::of(&values),
                values,
                se_test: Some(if matches!(made.role, Likelihood::Gap { .. }) { 0.01 } else { 0.5 }),
                images: Some(made.images as u64),
                reasons: if made.name == "ais_observed" { vec![OBSERVATION.to_owned()] } else { Vec::new() },
                likelihood: Some(made.role.clone()),
            }
        });
        let figures = figures.collect();
        self.variants.push(VariantSummary {
            variant: name.to_owned(),
            section: Some("Families".to_owned()),
            model: name.to_owned(),
            data: "digits".to_owned(),
            closed_form: false,
            trials: (0..SEEDS).map(state).collect(),
            figures,
        });
        self
    }

    /// Changes the terms of a figure from this image on, and its values with them.
    pub(super) fn shift(&mut self, name: &str, figure: &str, from: usize, by: f64) {
        let variant = self.variants.iter_mut().find(|variant| variant.variant == name).unwrap();
        let summed = variant.figures.iter_mut().find(|summed| summed.figure.name == figure).unwrap();
        for (id, value) in summed.trials.iter().zip(&mut summed.values) {
            let terms = self.terms.get_mut(&(id.clone(), figure.to_owned())).unwrap();
            terms[from..].iter_mut().for_each(|term| *term += by);
            *value = terms.iter().sum::<f64>() / terms.len() as f64;
        }
        summed.spread = Spread::of(&summed.values);
    }

    /// Changes all terms of a figure by `by`, twice `by` and so on, one seed after the other.
    pub(super) fn shift_seeds(&mut self, name: &str, figure: &str, by: f64) {
        let variant = self.variants.iter_mut().find(|variant| variant.variant == name).unwrap();
        let summed = variant.figures.iter_mut().find(|summed| summed.figure.name == figure).unwrap();
        for (seed, (id, value)) in summed.trials.iter().zip(&mut summed.values).enumerate() {
            let by = by * (seed + 1) as f64;
            self.terms.get_mut(&(id.clone(), figure.to_owned())).unwrap().iter_mut().for_each(|term| *term += by);
            *value += by;
        }
        summed.spread = Spread::of(&summed.values);
    }

    pub(crate) fn summary(&self) -> Summary {
        Summary { grid: "g".into(), about: String::new(), variants: self.variants.clone() }
    }

    /// All comparisons, by all pairs.
    pub(crate) fn comparisons(&self) -> Comparisons {
        Comparisons::of(&self.summary(), &all_pairs(), &ImageTerms::named(self.terms.clone()))
    }

    /// The only table, by the settings of `compare`.
    pub(super) fn table_with(&self, compare: &Compare) -> LikelihoodTable {
        let mut tables = LikelihoodTable::all(&self.summary(), compare, &ImageTerms::named(self.terms.clone()));
        assert_eq!(tables.len(), 1);
        tables.remove(0)
    }

    pub(super) fn table(&self) -> LikelihoodTable {
        self.table_with(&all_pairs())
    }

    /// The comparison of two variants on log p.
    pub(super) fn log_p(&self, variant: &str, baseline: &str) -> LikelihoodComparison {
        log_p(&self.table(), variant, baseline).unwrap()
    }
}

const OBSERVATION: &str = "observation model: each pixel flipped with probability 0.01, selected on validation images";

pub(super) fn all_pairs() -> Compare {
    Compare { pairs: Pairs::All, ..Compare::default() }
}

/// The comparison of two variants on log p in a table.
pub(super) fn log_p(table: &LikelihoodTable, variant: &str, baseline: &str) -> Option<LikelihoodComparison> {
    let is_pair =
        |one: &&LikelihoodComparison| (one.row.variant.as_str(), one.row.baseline.as_str()) == (variant, baseline);
    table.comparisons.iter().filter(|one| one.scope == Scope::LogP).find(is_pair).cloned()
}

/// An exact model, one with two bounds and a bracket, and a generator with an observation model.
pub(crate) fn families() -> Models {
    let vae = [
        bound("elbo", 40, -24.0),
        bound("iwae_50", 40, -22.0),
        bound("ais", 10, -21.5),
        gap("ais_simulated_gap", "ais", 0.2),
    ];
    let observed = Made { role: Likelihood::value("ais"), ..bound("ais_observed", 10, -30.0) };
    let gan = [observed, gap("ais_observed_simulated_gap", "ais_observed", 0.4)];
    let models = Models::default().with("table", &[exact(40, -26.0)]).with("nade", &[exact(40, -20.0)]);
    models.with("vae", &vae).with("gan", &gan)
}
