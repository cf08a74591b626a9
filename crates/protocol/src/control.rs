//! Controls: figures of models that have learned nothing, and of real images, which show what a figure is worth.

use serde::{Deserialize, Serialize};

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Direction, Kind, Measurement, Unit};

    #[test]
    fn a_record_without_controls_has_the_bytes_of_earlier_versions() {
        let plain = Measurement::new("copies", Kind::Estimate, Unit::One, Direction::Lower, 1.0);
        assert!(!serde_json::to_string(&plain).unwrap().contains("control"));
        let stated = Measurement { control: Some(Control::untrained("copies")), ..plain };
        let text = serde_json::to_string(&stated).unwrap();
        assert!(text.contains(r#""control":{"of":"copies","kind":"untrained","label":"untrained"}"#), "{text}");
        assert_eq!(serde_json::from_str::<Measurement>(&text).unwrap(), stated);
    }
}
