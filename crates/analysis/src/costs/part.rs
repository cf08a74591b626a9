//! Parts of a trial's time.

/// A part of a trial's time. It excludes other parts inside it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// Loading or generating data.
    Data,
    /// Optimisation.
    Train,
    /// Validation and checkpoints during training.
    Evaluate,
    /// Training of a feature extractor, in the first trial that needs it.
    Extractor,
    /// A measure, by name.
    Measure(String),
    /// The trial's share of the timing pass, by the measure that requires it.
    Timing(String),
    /// The rest: building the model, sample sheets, gaps between spans.
    Other,
}

impl Part {
    pub(super) fn of(span: &str, measure: Option<&str>) -> Self {
        match (span, measure) {
            ("data", _) => Self::Data,
            ("train", _) => Self::Train,
            ("evaluate", _) => Self::Evaluate,
            ("extractor", _) => Self::Extractor,
            ("measure", Some(name)) => Self::Measure(name.to_owned()),
            _ => Self::Other,
        }
    }

    /// Name of the part in tables.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Train => "train",
            Self::Evaluate => "evaluate",
            Self::Extractor => "extractor",
            Self::Measure(_) => "measure",
            Self::Timing(_) => "timing",
            Self::Other => "other",
        }
    }

    /// Name of the measure, for a measure and its timing.
    pub(crate) fn measure(&self) -> Option<&str> {
        match self {
            Self::Measure(name) | Self::Timing(name) => Some(name),
            _ => None,
        }
    }
}
