//! One run held against another.

use protocol::{Direction, exit};
use stats::t_quantile;

use super::figures::{Figure, Reference};

/// Two-sided confidence of a quality band. A gate that looks at dozens of figures must rarely cry
/// wolf over each.
const CONFIDENCE: f64 = 0.999;
/// Never judge more finely than rounding on another processor allows, relative to the figure.
const ROUNDING: f64 = 1e-3;
/// A slowdown below this is noise on a shared machine, whatever the windows say.
const SPEED_MARGIN: f64 = 0.35;
/// Steps per gemm above which a step is so short (some 50 microseconds) that caches and the
/// allocator decide its time: twice the same run has differed by a factor of 1.8.
const SHORT_STEP: f64 = 10.0;
/// What counts as noise for such steps.
const SHORT_STEP_MARGIN: f64 = 0.6;
/// Standard errors of the windows that a slowdown must exceed besides.
const SPEED_ERRORS: f64 = 4.0;

/// What is found of one figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Within the band.
    Same,
    /// Better by more than the band: the reference is out of date.
    Better,
    /// Worse by more than the band.
    Worse,
    /// The reference has the figure, the run does not.
    Missing,
    /// The evidence decides neither way.
    Undecided,
}

impl Verdict {
    /// One word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Better => "better",
            Self::Worse => "WORSE",
            Self::Missing => "MISSING",
            Self::Undecided => "undecided",
        }
    }
}

/// One figure's verdict, with the numbers behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The reference's figure.
    pub reference: Figure,
    /// The run's mean, if it has the figure.
    pub mean: Option<f64>,
    /// How far from the reference's mean is still the same.
    pub band: Option<f64>,
    /// The verdict.
    pub verdict: Verdict,
    /// Why it is undecided.
    pub why: Option<String>,
}

/// The verdict on a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate {
    /// One per figure of the reference.
    pub findings: Vec<Finding>,
    /// Trials that were planned but are not done.
    pub failed: usize,
}

impl Gate {
    /// 3 for a regression, 5 if anything is undecided, else 0.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        let any = |verdict| self.findings.iter().any(|finding| finding.verdict == verdict);
        if self.failed > 0 || any(Verdict::Worse) || any(Verdict::Missing) {
            exit::REGRESSION
        } else if any(Verdict::Undecided) || self.findings.is_empty() {
            exit::INCONCLUSIVE
        } else {
            exit::DONE
        }
    }
}

/// Holds a run against the reference.
#[must_use]
pub fn judge(reference: &Reference, run: &Reference) -> Gate {
    let same_cpu = reference.host.cpu == run.host.cpu;
    let findings = reference
        .figures
        .iter()
        .map(|figure| {
            let found = run.figures.iter().find(|other| {
                (&other.variant, &other.measurement, other.kind, other.support)
                    == (&figure.variant, &figure.measurement, figure.kind, figure.support)
            });
            match found {
                None => {
                    Finding { reference: figure.clone(), mean: None, band: None, verdict: Verdict::Missing, why: None }
                }
                Some(found) if figure.speed => speed(figure, found, same_cpu),
                Some(found) => quality(figure, found),
            }
        })
        .collect();
    Gate { findings, failed: run.planned - run.done }
}

/// A band from the spread between seeds, of both runs: t sd sqrt(1/n + 1/n_ref).
fn quality(reference: &Figure, found: &Figure) -> Finding {
    let (n, n_ref) = (found.n as f64, reference.n as f64);
    let freedom = n + n_ref - 2.0;
    let (Some(sd), Some(sd_ref), true) = (found.sd, reference.sd, freedom >= 2.0) else {
        return undecided(reference, found, "a spread between seeds needs at least two of them on both sides");
    };
    let pooled = (((n - 1.0) * sd * sd + (n_ref - 1.0) * sd_ref * sd_ref) / freedom).sqrt();
    let t = t_quantile(freedom, 0.5 + CONFIDENCE / 2.0).unwrap_or(f64::INFINITY);
    let band = (t * pooled * (1.0 / n + 1.0 / n_ref).sqrt()).max(ROUNDING * reference.mean.abs());
    finding(reference, found, band)
}

fn speed(reference: &Figure, found: &Figure, same_cpu: bool) -> Finding {
    if !same_cpu {
        return undecided(reference, found, "the reference was timed on another processor");
    }
    let variance = |figure: &Figure| figure.sd.map(|sd| sd * sd / figure.n as f64);
    let (Some(a), Some(b)) = (variance(reference), variance(found)) else {
        return undecided(reference, found, "one window has no spread");
    };
    let margin = if reference.mean > SHORT_STEP { SHORT_STEP_MARGIN } else { SPEED_MARGIN };
    let band = (SPEED_ERRORS * (a + b).sqrt()).max(margin * reference.mean);
    finding(reference, found, band)
}

fn finding(reference: &Figure, found: &Figure, band: f64) -> Finding {
    let change = match reference.direction {
        Direction::Lower => reference.mean - found.mean,
        Direction::Higher | Direction::Neither => found.mean - reference.mean,
    };
    let verdict = if change < -band {
        Verdict::Worse
    } else if change > band {
        Verdict::Better
    } else {
        Verdict::Same
    };
    Finding { reference: reference.clone(), mean: Some(found.mean), band: Some(band), verdict, why: None }
}

fn undecided(reference: &Figure, found: &Figure, why: &str) -> Finding {
    Finding {
        reference: reference.clone(),
        mean: Some(found.mean),
        band: None,
        verdict: Verdict::Undecided,
        why: Some(why.to_owned()),
    }
}

impl std::fmt::Display for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let width =
            self.findings.iter().map(|finding| finding.reference.variant.chars().count()).max().unwrap_or(7).max(7);
        writeln!(
            f,
            "{:width$}  {:22} {:>12} {:>12} {:>10}  verdict",
            "variant", "measurement", "reference", "run", "band"
        )?;
        for finding in &self.findings {
            let Figure { variant, measurement, mean, .. } = &finding.reference;
            let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.4}"));
            write!(
                f,
                "{variant:width$}  {measurement:22} {mean:>12.4} {:>12} {:>10}  {}",
                number(finding.mean),
                number(finding.band),
                finding.verdict.word()
            )?;
            writeln!(f, "{}", finding.why.as_ref().map_or_else(String::new, |why| format!(": {why}")))?;
        }
        if self.failed > 0 {
            writeln!(f, "{} trials are not done", self.failed)?;
        }
        let verdict = match self.exit_code() {
            exit::DONE => "no regression",
            exit::REGRESSION => "regression",
            _ => "inconclusive",
        };
        writeln!(f, "{verdict}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{Host, Kind, Support, Unit};

    fn figure(mean: f64, sd: Option<f64>, n: usize) -> Figure {
        Figure {
            variant: "vae".into(),
            measurement: "elbo".into(),
            unit: Unit::Nats,
            kind: Kind::LowerBound,
            support: Some(Support::Binary),
            direction: Direction::Higher,
            speed: false,
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
        judge(&run(vec![reference]), &run(vec![found])).exit_code()
    }

    #[test]
    fn the_band_is_the_spread_between_seeds() {
        // t(0.9995; 4) = 8.6103; band = 8.6103 x 0.1 x sqrt(2/3) = 0.7030.
        let gate = judge(&run(vec![figure(-20.0, Some(0.1), 3)]), &run(vec![figure(-20.0, Some(0.1), 3)]));
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
    fn one_seed_decides_nothing() {
        assert_eq!(code(figure(-20.0, Some(0.1), 3), figure(-99.0, None, 1)), exit::INCONCLUSIVE);
    }

    #[test]
    fn what_is_gone_is_a_regression() {
        let gate = judge(&run(vec![figure(-20.0, Some(0.1), 3)]), &run(vec![]));
        assert_eq!(gate.exit_code(), exit::REGRESSION);
        let failed = Reference { done: 2, ..run(vec![figure(-20.0, Some(0.1), 3)]) };
        assert_eq!(judge(&run(vec![figure(-20.0, Some(0.1), 3)]), &failed).exit_code(), exit::REGRESSION);
    }

    #[test]
    fn speed_is_judged_on_the_same_processor_alone() {
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
        let elsewhere = Reference { host: Host { cpu: "other".into(), ..Host::default() }, ..run(vec![speed(0.5)]) };
        assert_eq!(judge(&run(vec![speed(1.0)]), &elsewhere).exit_code(), exit::INCONCLUSIVE);
    }
}
