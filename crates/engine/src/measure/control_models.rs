//! Controls that the engine takes: figures of another model by the same measure.

use std::cell::OnceCell;
use std::fs;

use protocol::{Control, ControlKind, Direction, MeasureSpec, Measurement};

use super::memoriser::Memoriser;
use super::{MeasureEntry, MeasureError, Subject};
use crate::GenerativeModel;

/// A model, or the reason why there is none.
type Built = Result<Box<dyn GenerativeModel>, String>;

/// Source of the models of controls. A model is built once, when a control needs it.
pub struct ControlModels<'a> {
    build: Box<dyn Fn() -> Built + 'a>,
    untrained: OnceCell<Built>,
}

impl<'a> ControlModels<'a> {
    /// Models for the controls of a trained model; `untrained` builds the same model before its first step.
    pub fn new(untrained: impl Fn() -> Built + 'a) -> Self {
        Self { build: Box::new(untrained), untrained: OnceCell::new() }
    }

    /// Models for the controls of a model that is not trained, such as a sampler with a known distribution.
    #[must_use]
    pub fn none() -> Self {
        Self::new(|| Err("the model has no untrained state".to_owned()))
    }

    fn untrained(&self) -> Result<&dyn GenerativeModel, String> {
        self.untrained.get_or_init(&*self.build).as_ref().map(|model| &**model).map_err(Clone::clone)
    }
}

/// Kinds of controls that the engine takes.
const TAKEN: [ControlKind; 2] = [ControlKind::Untrained, ControlKind::Memoriser];

impl MeasureEntry {
    /// Names of the controls that the engine takes.
    pub(super) fn taken_controls(controls: &[Control]) -> impl Iterator<Item = &Control> {
        controls.iter().filter(|control| TAKEN.contains(&control.kind))
    }

    /// Takes the declared controls among [`TAKEN`] of `figures`. A control of a figure without a value has no value.
    pub(super) fn take_controls(
        &self,
        controls: &[Control],
        figures: &[Measurement],
        (spec, subject): (&MeasureSpec, &Subject<'_>),
        models: &ControlModels<'_>,
    ) -> Result<Vec<Measurement>, MeasureError> {
        let mut taken = Vec::new();
        for kind in TAKEN {
            let of = |control: &Control| figures.iter().find(|figure| figure.name == control.of);
            let wanted: Vec<_> =
                controls.iter().filter(|control| control.kind == kind).filter_map(|c| Some((c, of(c)?))).collect();
            let memoriser;
            let model = match kind {
                _ if wanted.iter().all(|(_, of)| of.value.is_none()) => Err("the figure has no value".to_owned()),
                ControlKind::Memoriser => {
                    memoriser = Memoriser::of(subject.data);
                    Ok(&memoriser as &dyn GenerativeModel)
                }
                _ => models.untrained(),
            };
            let found = match model {
                Ok(model) => Ok(self.figures_of(model, kind, (spec, subject))?),
                Err(reason) => Err(reason),
            };
            taken.extend(wanted.into_iter().map(|(control, of)| control_figure(control, of, &found)));
        }
        Ok(taken)
    }

    /// Figures of another model. Its pictures are removed: the trial's pictures are those of the trained model.
    fn figures_of(
        &self,
        model: &dyn GenerativeModel,
        kind: ControlKind,
        (spec, subject): (&MeasureSpec, &Subject<'_>),
    ) -> Result<Vec<Measurement>, MeasureError> {
        let _span = tracing::info_span!("control", kind = kind.word()).entered();
        let dir = subject.dir.join(format!("control_{kind}"));
        let figures = (self.measure)(&spec.config, &Subject { model, dir: &dir, ..*subject })?;
        if dir.exists() {
            fs::remove_dir_all(&dir)?;
        }
        Ok(figures)
    }
}

/// Figure of a control. It has the kind and unit of its figure, and no better direction.
fn control_figure(control: &Control, of: &Measurement, found: &Result<Vec<Measurement>, String>) -> Measurement {
    let absent = |reason: &str| Measurement::absent(control.name(), of.kind, of.unit, Direction::Neither, reason);
    if of.value.is_none() {
        return absent("the figure has no value");
    }
    match found {
        Err(reason) => absent(reason),
        Ok(figures) => match figures.iter().find(|figure| figure.name == control.of) {
            Some(figure) => Measurement { name: control.name(), direction: Direction::Neither, ..figure.clone() },
            None => absent("the measure returned no such figure"),
        },
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::path::Path;

    use data::{DataShape, Dataset, Noise, Split};
    use protocol::{Kind, Support, Unit};
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    use super::*;
    use crate::Sampler;
    use crate::measure::MeasureConfig;

    /// Mean pixel of two samples, and the same of real images; writes a picture.
    #[derive(Default, Serialize, Deserialize, JsonSchema)]
    #[serde(default)]
    struct Brightness {}

    impl MeasureConfig for Brightness {
        const NAME: &'static str = "brightness";
        const ABOUT: &'static str = "mean pixel of samples";

        fn controls(&self) -> Vec<Control> {
            vec![Control::untrained("mean"), Control::memoriser("mean"), Control::real("mean")]
        }

        fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
            let figure = |name, direction, value| Measurement::new(name, Kind::Estimate, Unit::One, direction, value);
            let Some(sampler) = subject.model.sampler() else {
                return Ok(vec![
                    figure("mean", Direction::Higher, f64::NAN),
                    figure("mean_real", Direction::Neither, 0.5),
                ]);
            };
            let mean = sampler.sample(2, &mut subject.noise("brightness")).pixels.iter().sum::<f32>() / 2.0;
            protocol::atomic::write(&subject.dir.join("samples").join("picture.png"), mean.to_string().as_bytes())?;
            let score = figure("mean", Direction::Higher, f64::from(mean)).of_images(vec![1.0]);
            Ok(vec![score, figure("mean_real", Direction::Neither, 0.5)])
        }
    }

    /// Draws images of one grey level, or nothing.
    struct Grey(Option<f32>);

    impl GenerativeModel for Grey {
        fn parameters(&self) -> u64 {
            0
        }
        fn sampler(&self) -> Option<&dyn Sampler> {
            self.0.is_some().then_some(self as &dyn Sampler)
        }
    }

    impl Sampler for Grey {
        fn support(&self) -> Support {
            Support::Continuous
        }
        fn sample(&self, count: usize, _: &mut Noise) -> Split {
            Split::new(vec![self.0.unwrap_or_default(); count], 1)
        }
    }

    fn taken(model: &Grey, models: &ControlModels<'_>, dir: &Path) -> Vec<Measurement> {
        let split = || Split::new(vec![0.25; 3], 1);
        let data = Dataset::new(DataShape::new([1, 1, 1], Support::Continuous, [3; 3]), [split(), split(), split()]);
        let subject = Subject { model, data: &data, data_sha256: "", seed: 0, dir, cache: dir };
        let entry = MeasureEntry::of::<Brightness>();
        entry.take_with(&entry.spec((entry.defaults)()), &subject, models).expect("files are written")
    }

    #[test]
    fn declared_controls_are_taken_once_and_belong_to_their_figure() {
        let (folder, built) = (tempfile::tempdir().unwrap(), Cell::new(0));
        let models = ControlModels::new(|| {
            built.set(built.get() + 1);
            Ok(Box::new(Grey(Some(0.1))) as Box<dyn GenerativeModel>)
        });
        for _ in 0..2 {
            let figures = taken(&Grey(Some(0.75)), &models, folder.path());
            let values: Vec<_> = figures.iter().map(|figure| (figure.name.as_str(), figure.value.unwrap())).collect();
            let untrained = f64::from(0.1_f32);
            assert_eq!(
                values,
                [("mean", 0.75), ("mean_real", 0.5), ("mean_untrained", untrained), ("mean_memoriser", 0.25)]
            );
            let controls: Vec<_> = figures.iter().map(|figure| figure.control.clone().map(|one| one.kind)).collect();
            let [untrained, memoriser] = TAKEN;
            assert_eq!(controls, [None, Some(ControlKind::Real), Some(untrained), Some(memoriser)]);
            assert!(figures[1..].iter().all(|figure| figure.direction == Direction::Neither));
            assert!(figures.iter().all(|figure| figure.measure == "brightness"));
        }
        assert_eq!(built.get(), 1, "the untrained model is built once for all measures");
        // The picture is that of the trained model.
        let picture = folder.path().join("samples").join("picture.png");
        assert_eq!(fs::read_to_string(picture).unwrap(), "0.75");
        assert!(!folder.path().join("control_untrained").exists());
        let entry = MeasureEntry::of::<Brightness>();
        let names = entry.figure_names(&entry.spec((entry.defaults)()));
        assert_eq!(names, ["mean", "mean_real", "mean_untrained", "mean_memoriser"]);
    }

    #[test]
    fn a_control_without_model_or_figure_states_the_reason() {
        let folder = tempfile::tempdir().unwrap();
        let reasons = |model: &Grey| -> Vec<String> {
            let figures = taken(model, &ControlModels::none(), folder.path());
            figures.into_iter().filter_map(|figure| figure.reason).collect()
        };
        assert_eq!(reasons(&Grey(Some(0.75))), ["the model has no untrained state"]);
        let of_nothing = reasons(&Grey(None));
        assert_eq!(of_nothing[1..], ["the figure has no value", "the figure has no value"]);
        let models = ControlModels::new(|| panic!("nothing needs the untrained model"));
        taken(&Grey(None), &models, folder.path());
    }
}
