//! Models that have learned nothing or too little, which a grid's measures should expose.

/// A model that a good set of measures exposes: one of its figures is worse than that of a trained model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BadModel {
    /// The model before its first training step.
    Untrained,
    /// Draws training images.
    Memoriser,
    /// Draws one image, and gives all images the same features.
    Constant,
    /// Draws each pixel independently, with its distribution over the training images.
    Marginals,
}

impl BadModel {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Untrained, Self::Memoriser, Self::Constant, Self::Marginals];

    /// Name in the documentation.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Untrained => "untrained",
            Self::Memoriser => "memoriser",
            Self::Constant => "constant",
            Self::Marginals => "marginals",
        }
    }

    /// Description in a few words, with an article.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Self::Untrained => "an untrained model",
            Self::Memoriser => "a model that draws training images",
            Self::Constant => "a model that draws one image",
            Self::Marginals => "a model of independent pixels",
        }
    }
}
