//! Controls: figures of models that have learned nothing, and of real images, which show what a figure is worth.

use serde::{Deserialize, Serialize};

use crate::{Direction, Measurement};

/// Source of a control's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ControlKind {
    /// The model before its first training step, with the seed of the trial. The engine takes it.
    Untrained,
    /// A model that draws training images. The engine takes it.
    Memoriser,
    /// The latent prior in place of the latents.
    Prior,
    /// A guess, or a uniform distribution.
    Chance,
    /// A rule that needs no training, such as the pixels in place of features.
    Baseline,
    /// Real images in place of the model's images.
    Real,
    /// The score of a perfect model.
    Ceiling,
}

impl ControlKind {
    /// Returns whether a model that has learned something scores better. A model cannot be expected to exceed real
    /// images or a ceiling.
    #[must_use]
    pub fn is_to_beat(self) -> bool {
        !matches!(self, Self::Real | Self::Ceiling)
    }

    /// Name in the tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Untrained => "untrained",
            Self::Memoriser => "memoriser",
            Self::Prior => "prior",
            Self::Chance => "chance",
            Self::Baseline => "baseline",
            Self::Real => "real",
            Self::Ceiling => "ceiling",
        }
    }
}

impl std::fmt::Display for ControlKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.word())
    }
}

/// A control of a figure. It is a figure itself, named `<figure>_<label>`, such as `linear_probe_untrained`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// Name of the figure that it is a control of.
    pub of: String,
    /// Source of its value.
    pub kind: ControlKind,
    /// Last part of its name, such as `untrained` or `pixels`. Tables print it next to the figure.
    pub label: String,
}

impl Control {
    /// A control of the figure `of`, named `<of>_<label>`.
    #[must_use]
    pub fn new(of: impl Into<String>, kind: ControlKind, label: &str) -> Self {
        Self { of: of.into(), kind, label: label.to_owned() }
    }

    /// The control `<of>_untrained`, which the engine takes.
    #[must_use]
    pub fn untrained(of: impl Into<String>) -> Self {
        Self::new(of, ControlKind::Untrained, "untrained")
    }

    /// The control `<of>_memoriser`, which the engine takes.
    #[must_use]
    pub fn memoriser(of: impl Into<String>) -> Self {
        Self::new(of, ControlKind::Memoriser, "memoriser")
    }

    /// The control `<of>_real`: real images in place of the model's images.
    #[must_use]
    pub fn real(of: impl Into<String>) -> Self {
        Self::new(of, ControlKind::Real, "real")
    }

    /// Name of the control's own figure.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}_{}", self.of, self.label)
    }
}

/// Suffixes of the controls of measures in records that do not state them.
const SUFFIXES: [(&str, ControlKind); 8] = [
    ("real", ControlKind::Real),
    ("floor", ControlKind::Ceiling),
    ("optimal", ControlKind::Ceiling),
    ("ceiling", ControlKind::Ceiling),
    ("pixels", ControlKind::Baseline),
    ("paste", ControlKind::Baseline),
    ("nearest", ControlKind::Baseline),
    ("identity", ControlKind::Baseline),
];

/// Adds the controls that records of earlier versions do not state. Those were figures without a better direction, named
/// after another figure of their measure with one of a few suffixes.
pub fn add_unstated(figures: &mut [Measurement]) {
    let known: Vec<(String, String)> =
        figures.iter().map(|figure| (figure.measure.clone(), figure.name.clone())).collect();
    for figure in figures.iter_mut().filter(|figure| figure.control.is_none()) {
        if figure.direction != Direction::Neither {
            continue;
        }
        let Some((of, label)) = figure.name.rsplit_once('_') else { continue };
        let has_figure = known.iter().any(|(measure, name)| *measure == figure.measure && name == of);
        if let Some((_, kind)) = SUFFIXES.iter().find(|(suffix, _)| *suffix == label && has_figure) {
            figure.control = Some(Control::new(of, *kind, label));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, Unit};

    fn figure(measure: &str, name: &str, direction: Direction) -> Measurement {
        let figure = Measurement::new(name, Kind::Estimate, Unit::One, direction, 1.0);
        Measurement { measure: measure.into(), ..figure }
    }

    #[test]
    fn controls_of_earlier_records_are_found_by_their_names() {
        let mut figures = [
            figure("copies", "copies", Direction::Lower),
            figure("copies", "copies_real", Direction::Neither),
            figure("restoration", "psnr_in", Direction::Higher),
            figure("restoration", "psnr_in_paste", Direction::Neither),
            // No figure `ink`; the figure is another measure's; a score; no suffix of a control.
            figure("copies", "ink_real", Direction::Neither),
            figure("other", "copies_real", Direction::Neither),
            figure("restoration", "psnr_in_nearest", Direction::Higher),
            figure("copies", "copies_kl", Direction::Neither),
        ];
        add_unstated(&mut figures);
        let found: Vec<_> = figures.iter().map(|figure| figure.control.as_ref().map(|control| control.kind)).collect();
        let (real, baseline) = (Some(ControlKind::Real), Some(ControlKind::Baseline));
        assert_eq!(found, [None, real, None, baseline, None, None, None, None]);
        assert_eq!(figures[3].control.as_ref().unwrap().name(), figures[3].name);
    }

    #[test]
    fn a_record_without_controls_has_the_bytes_of_earlier_versions() {
        let plain = figure("copies", "copies", Direction::Lower);
        assert!(!serde_json::to_string(&plain).unwrap().contains("control"));
        let stated = Measurement { control: Some(Control::untrained("copies")), ..plain };
        let text = serde_json::to_string(&stated).unwrap();
        assert!(text.contains(r#""control":{"of":"copies","kind":"untrained","label":"untrained"}"#), "{text}");
        assert_eq!(serde_json::from_str::<Measurement>(&text).unwrap(), stated);
    }
}
