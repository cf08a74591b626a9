//! Test of a model against all laws.

use engine::{ModelConfig, ModelEntry};

use crate::law::{Law, Outcome};
use crate::laws::LAWS;
use crate::subject::{Subject, kinds_without_data, subjects, subjects_in_every_ordering};

/// Outcomes of all laws for one model.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Laws that apply, with the number of subjects that obey each.
    pub obeyed: Vec<(&'static str, usize)>,
    /// Laws that apply to no subject, with the reason for the first subject.
    pub not_applicable: Vec<(&'static str, &'static str)>,
    /// One line per broken law and subject: model, settings, data, law and description.
    pub broken: Vec<String>,
}

impl Report {
    /// Adds the outcome of a law.
    fn add(&mut self, law: &Law, subject: &Subject<'_>) {
        match law.test(subject) {
            Outcome::Holds => match self.obeyed.iter_mut().find(|(name, _)| *name == law.name) {
                Some((_, count)) => *count += 1,
                None => self.obeyed.push((law.name, 1)),
            },
            Outcome::DoesNotApply(reason) => {
                if self.not_applicable.iter().all(|(name, _)| *name != law.name) {
                    self.not_applicable.push((law.name, reason));
                }
            }
            Outcome::Broken(how) => self.broken.push(format!("{subject} breaks the law `{}`: {how}", law.name)),
        }
    }
}

/// Tests all tiny settings of a model against every law, on each data set and in every ordering that it supports.
#[must_use]
pub fn report(entry: &ModelEntry) -> Report {
    let mut report = Report::default();
    if (entry.tiny)().is_empty() {
        report.broken.push(format!("{}: `tiny` lists no settings, so that no law can be tested", entry.name));
    }
    for settings in kinds_without_data(entry) {
        report.broken.push(format!("{} {settings} supports none of the data sets of the laws", entry.name));
    }
    // Each subject trains its model once for all laws.
    for (all, in_every_ordering) in [(subjects(entry), false), (subjects_in_every_ordering(entry), true)] {
        for subject in all {
            for law in LAWS.iter().filter(|law| law.in_every_ordering == in_every_ordering) {
                report.add(law, &subject);
            }
        }
    }
    report.not_applicable.retain(|(name, _)| report.obeyed.iter().all(|(obeyed, _)| obeyed != name));
    report
}

/// Tests a model against every law. Call it in your own test.
///
/// All settings that [`ModelConfig::tiny`] lists are trained on each of the [data sets](crate::data) that they support.
///
/// # Panics
/// If a law is broken; the message lists model, settings, data and law.
pub fn check<M: ModelConfig>() {
    check_entry(&ModelEntry::of::<M>());
}

/// Tests an entry of a registry, as [`check`].
///
/// # Panics
/// If a law is broken; the message lists model, settings, data and law.
pub fn check_entry(entry: &ModelEntry) {
    let broken = report(entry).broken;
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::{Counts, Logistic, SeedBlind, entry};

    #[test]
    fn a_lawful_model_passes_and_the_report_counts_its_subjects() {
        check::<Counts>();
        let report = report(&entry::<Logistic>());
        let count = |law: &str| report.obeyed.iter().find(|(name, _)| *name == law).map(|(_, count)| *count);
        assert_eq!(report.broken, [""; 0]);
        assert_eq!(count("training_helps"), Some(1));
        assert_eq!(count("conditionals_depend_on_earlier_pixels_only"), Some(2), "in two orderings");
        let reason = |law: &str| report.not_applicable.iter().find(|(name, _)| *name == law).map(|(_, why)| *why);
        assert_eq!(reason("bounds_are_ordered"), Some("the model has no bound on its density"));
    }

    #[test]
    fn a_broken_law_is_named_with_model_settings_and_data() {
        let report = report(&entry::<SeedBlind>());
        let expected = "laws_seed_blind {} on binary data breaks the law `the_seed_determines_the_result`: two seeds \
                        give the same";
        assert!(report.broken.iter().any(|line| line.starts_with(expected)), "{:?}", report.broken);
        assert!(report.broken.iter().all(|line| line.starts_with("laws_seed_blind {} on binary data")));
    }

    #[test]
    #[should_panic(expected = "breaks the law `the_seed_determines_the_result`")]
    fn a_broken_law_fails_the_test() {
        check::<SeedBlind>();
    }
}
