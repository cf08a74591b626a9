use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

use data::{DataShape, Noise, Split};
use engine::Sampler;
use engine::measure::MeasureError;
use protocol::{Control, Direction, Kind, Problem, Support, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::*;

#[test]
fn measures_of_the_registry_obey() {
    for name in ["nll", "elbo", "iwae", "parameters", "sample_quality", "optimal_discriminator", "excess_nats"] {
        check_measure_with(engine::measure::built_in().find(name).expect("registered"), &json!({}));
    }
}

/// Mistake of a broken measure, as a setting.
#[derive(Clone, Copy, Default, Serialize, Deserialize, JsonSchema, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Wrong {
    #[default]
    Nothing,
    Random,
    Nameless,
    Unexplained,
    NoFigure,
    StrayControl,
    Refuses,
    Fails,
}

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
struct Broken {
    wrong: Wrong,
}

impl MeasureConfig for Broken {
    const NAME: &'static str = "broken";
    const ABOUT: &'static str = "a measure with a mistake";

    fn check(&self, _data: &DataShape) -> Result<(), Problem> {
        if self.wrong == Wrong::Refuses { Err(Problem::new("wrong", "no such data")) } else { Ok(()) }
    }

    fn controls(&self) -> Vec<Control> {
        let of = if self.wrong == Wrong::StrayControl { "no_such_figure" } else { "broken" };
        vec![Control::untrained(of)]
    }

    fn measure(&self, subject: &Measured<'_>) -> Result<Vec<Measurement>, MeasureError> {
        static CALLS: AtomicU64 = AtomicU64::new(0);
        // Draws once, so that a model that changes with a draw is detected.
        let _ = subject.model.sampler().map(|sampler| sampler.sample(1, &mut subject.noise("broken")));
        let name = if self.wrong == Wrong::Nameless { "" } else { "broken" };
        let value = if self.wrong == Wrong::Random { CALLS.fetch_add(1, Ordering::Relaxed) as f64 } else { 1.0 };
        let figure = Measurement::new(name, Kind::Exact, Unit::One, Direction::Neither, value);
        match self.wrong {
            Wrong::Unexplained => Ok(vec![Measurement { value: None, ..figure }]),
            Wrong::NoFigure => Ok(Vec::new()),
            Wrong::Fails => Err(std::io::Error::other("no disk").into()),
            _ => Ok(vec![figure]),
        }
    }
}

#[test]
fn every_mistake_is_caught() {
    let measure = MeasureEntry::of::<Broken>();
    check_measure::<Broken>();
    for (wrong, message) in [
        (Wrong::Random, "measured twice"),
        (Wrong::Nameless, "no name"),
        (Wrong::Unexplained, "nor a reason"),
        (Wrong::NoFigure, "the measure returns no figure"),
        (Wrong::StrayControl, "`no_such_figure`, which is no figure"),
        (Wrong::Refuses, "refused on binary data"),
        (Wrong::Fails, "the measurement failed: no disk"),
    ] {
        let settings = json!({"wrong": wrong});
        let how = obeys(&measure, &settings).expect_err(&settings.to_string());
        assert!(how.contains(message), "{settings}: {how}");
    }
}

/// Model that changes with every draw.
struct Worn(Cell<f32>);

impl GenerativeModel for Worn {
    fn parameters(&self) -> u64 {
        0
    }

    fn sampler(&self) -> Option<&dyn Sampler> {
        Some(self)
    }
}

impl Sampler for Worn {
    fn support(&self) -> Support {
        Support::Continuous
    }

    fn sample(&self, count: usize, _: &mut Noise) -> Split {
        self.0.set(0.9 * self.0.get());
        Split::new(vec![self.0.get(); 6 * count], 6)
    }
}

#[test]
fn a_model_that_changes_is_caught() {
    let (measure, entry) = (MeasureEntry::of::<Broken>(), entry::<Prototypes>());
    let spec = measure.spec((measure.defaults)());
    let subject = subjects(&entry).swap_remove(0);
    let how = is_sound(&measure, &spec, &subject, &Worn(Cell::new(1.0))).expect_err("it changes");
    assert!(how.contains("the model changed"), "{how}");
}
