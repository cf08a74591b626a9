//! Check of a run against a reference: the gate's result, its exit code and its text.

use std::fmt;

use protocol::exit;
use protocol::text::count;

use super::finding::{Finding, FindingClass};
use super::reference::{Figure, Reference};
use crate::tables::readable;

/// Result of the gate.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate {
    /// One finding per figure of the reference.
    pub findings: Vec<Finding>,
    /// Number of planned trials that are not done.
    pub not_done: usize,
    /// Number of them beyond those of the reference.
    pub failed: usize,
}

impl Gate {
    /// Exit code: 3 for a regression, 5 if a figure is undecided, else 0.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        let any = |class| self.findings.iter().any(|finding| finding.class == class);
        if self.failed > 0 || any(FindingClass::Worse) || any(FindingClass::Missing) {
            exit::REGRESSION
        } else if any(FindingClass::Undecided) || self.findings.is_empty() {
            exit::INCONCLUSIVE
        } else {
            exit::DONE
        }
    }
}

/// Compares a run with the reference.
#[must_use]
pub fn check(reference: &Reference, run: &Reference) -> Gate {
    let same_cpu = reference.host.cpu == run.host.cpu;
    let findings = reference
        .figures
        .iter()
        .map(|figure| {
            let same = |other: &&Figure| {
                (&other.variant, &other.measurement, other.kind, other.support)
                    == (&figure.variant, &figure.measurement, figure.kind, figure.support)
            };
            // A speed is compared with that of the same machine, if the run was timed there.
            let all = || run.figures.iter().filter(same);
            let found = all().find(|other| other.machine == figure.machine).or_else(|| all().next());
            match found {
                None => Finding::missing(figure),
                Some(found) if figure.speed => {
                    let both = figure.machine.as_ref().zip(found.machine.as_ref());
                    Finding::of_speed(figure, found, both.map_or(same_cpu, |(reference, run)| reference == run))
                }
                Some(found) => Finding::of_quality(figure, found),
            }
        })
        .collect();
    let not_done = run.planned.saturating_sub(run.done);
    // Trials that failed when the reference was made are no regression.
    let failed = not_done.saturating_sub(reference.planned.saturating_sub(reference.done));
    Gate { findings, not_done, failed }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width =
            self.findings.iter().map(|finding| finding.reference.variant.chars().count()).max().unwrap_or(7).max(7);
        writeln!(
            f,
            "{:width$}  {:22} {:>12} {:>12} {:>10}  result",
            "variant", "measurement", "reference", "run", "band"
        )?;
        for finding in &self.findings {
            let Figure { variant, measurement, mean, .. } = &finding.reference;
            let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| readable(value, 4));
            write!(
                f,
                "{variant:width$}  {measurement:22} {:>12} {:>12} {:>10}  {}",
                readable(*mean, 4),
                number(finding.mean),
                number(finding.band),
                finding.class.word()
            )?;
            writeln!(f, "{}", finding.reason.as_ref().map_or_else(String::new, |reason| format!(": {reason}")))?;
        }
        if self.failed > 0 {
            let verb = if self.not_done == 1 { "is" } else { "are" };
            let trials = count(self.not_done, "trial");
            writeln!(f, "{trials} {verb} not done, {} more than in the reference", self.failed)?;
        }
        let result = match self.exit_code() {
            exit::DONE => "no regression",
            exit::REGRESSION => "regression",
            _ => "inconclusive",
        };
        writeln!(f, "{result}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{Direction, Host, Kind, Support, Unit};

    fn figure(mean: f64, sd: Option<f64>, n: usize) -> Figure {
        Figure {
            variant: "vae".into(),
            measurement: "elbo".into(),
            unit: Unit::Nats,
            kind: Kind::LowerBound,
            support: Some(Support::Binary),
            direction: Direction::Higher,
            speed: false,
            machine: None,
            n,
            mean,
            sd,
        }
    }

    fn run(figures: Vec<Figure>) -> Reference {
        Reference {
            schema: 1,
            grid: "g".into(),
            genbench: String::new(),
            host: Host::default(),
            planned: 3,
            done: 3,
            figures,
        }
    }

    fn code(reference: Figure, found: Figure) -> u8 {
        check(&run(vec![reference]), &run(vec![found])).exit_code()
    }

    #[test]
    fn the_band_is_the_spread_between_seeds() {
        // t(0.9995; 4) = 8.6103; band = 8.6103 x 0.1 x sqrt(2/3) = 0.7030.
        let gate = check(&run(vec![figure(-20.0, Some(0.1), 3)]), &run(vec![figure(-20.0, Some(0.1), 3)]));
        assert!((gate.findings[0].band.unwrap() - 0.7030).abs() < 1e-3, "{gate}");
        assert_eq!(code(figure(-20.0, Some(0.1), 3), figure(-20.6, Some(0.1), 3)), exit::DONE);
        assert_eq!(code(figure(-20.0, Some(0.1), 3), figure(-20.8, Some(0.1), 3)), exit::REGRESSION);
        assert_eq!(
            code(figure(-20.0, Some(0.1), 3), figure(-19.0, Some(0.1), 3)),
            exit::DONE,
            "better is no regression"
        );
    }

    #[test]
    fn one_seed_is_inconclusive() {
        assert_eq!(code(figure(-20.0, Some(0.1), 3), figure(-99.0, None, 1)), exit::INCONCLUSIVE);
    }

    #[test]
    fn a_missing_figure_or_trial_is_a_regression() {
        let gate = check(&run(vec![figure(-20.0, Some(0.1), 3)]), &run(vec![]));
        assert_eq!(gate.exit_code(), exit::REGRESSION);
        let failed = Reference { done: 2, ..run(vec![figure(-20.0, Some(0.1), 3)]) };
        let gate = check(&run(vec![figure(-20.0, Some(0.1), 3)]), &failed);
        assert_eq!(gate.exit_code(), exit::REGRESSION);
        assert!(gate.to_string().contains("1 trial is not done, 1 more than in the reference"), "{gate}");
        assert_eq!(check(&failed, &failed).exit_code(), exit::DONE, "it failed in the reference too");
        assert_eq!(check(&failed, &Reference { done: 1, ..failed.clone() }).exit_code(), exit::REGRESSION);
    }

    #[test]
    fn speeds_of_different_processors_are_not_compared() {
        let speed = |mean| Figure {
            speed: true,
            direction: Direction::Higher,
            measurement: "train_steps_per_gemm".into(),
            ..figure(mean, Some(0.01), 5)
        };
        assert_eq!(code(speed(1.0), speed(0.8)), exit::DONE);
        assert_eq!(code(speed(1.0), speed(0.5)), exit::REGRESSION);
        assert_eq!(code(speed(80.0), speed(44.0)), exit::DONE, "a step of microseconds");
        assert_eq!(code(speed(80.0), speed(25.0)), exit::REGRESSION);
        let on = |machine: &str, mean| Figure { machine: Some(machine.to_owned()), ..speed(mean) };
        let both = check(&run(vec![on("a", 1.0)]), &run(vec![on("b", 0.1), on("a", 1.0)]));
        assert_eq!(both.exit_code(), exit::DONE, "the speed of the same machine counts");
        assert_eq!(check(&run(vec![on("a", 1.0)]), &run(vec![on("b", 0.1)])).exit_code(), exit::INCONCLUSIVE);
        let elsewhere = Reference { host: Host { cpu: "other".into(), ..Host::default() }, ..run(vec![speed(0.5)]) };
        assert_eq!(check(&run(vec![speed(1.0)]), &elsewhere).exit_code(), exit::INCONCLUSIVE);
    }
}
