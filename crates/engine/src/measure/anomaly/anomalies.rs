//! Images that do not belong to the data.

use data::{Dataset, Noise, Split};
use protocol::Support;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::background::{Background, grey};

/// Where anomalous images come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Anomaly {
    /// A class that was held out of all splits.
    HeldOut,
    /// The normal images with 0 for 1 and 1 for 0.
    Inverted,
    /// Every pixel drawn from the support, all values equally likely.
    Noise,
    /// Every pixel drawn on its own from its distribution over the training images.
    PixelNoise,
    /// The normal images, the pixels of all exchanged by one permutation.
    Shuffled,
    /// All 0: one image.
    Blank,
    /// All 1: one image.
    Full,
}

impl Anomaly {
    /// As it stands in settings and in the figures' names.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::HeldOut => "held_out",
            Self::Inverted => "inverted",
            Self::Noise => "noise",
            Self::PixelNoise => "pixel_noise",
            Self::Shuffled => "shuffled",
            Self::Blank => "blank",
            Self::Full => "full",
        }
    }

    /// As many images as there are `normal` ones; of a held-out class no more than there are, and
    /// `copies` of a single image; `pixels` is the training images' pixels, `order` that of shuffled pixels.
    /// Else why there are none.
    pub(super) fn images(
        self,
        data: &Dataset,
        normal: &Split,
        pixels: &Background,
        order: &[usize],
        copies: usize,
        noise: &mut Noise,
    ) -> Result<Split, &'static str> {
        let image_len = normal.image_len;
        let with = |pixels| Ok(Split::new(pixels, image_len));
        let support = data.shape.support;
        match self {
            Self::HeldOut => match &data.held_out {
                Some(held_out) => Ok(held_out.take(normal.len())),
                None => Err("no class was held out: set `hold_out` where the data set has it"),
            },
            Self::Inverted if support == Support::Real => Err("real pixels have no opposite"),
            Self::Inverted => with(normal.pixels.iter().map(|pixel| 1.0 - pixel).collect()),
            Self::Noise => {
                let mut draw = || match support {
                    Support::Binary => Ok(grey(noise.below(2), 2)),
                    Support::Levels(levels) => Ok(grey(noise.below(levels.into()), levels.into())),
                    Support::Continuous => Ok(noise.uniform() as f32),
                    Support::Real => Err("no distribution is uniform over all real numbers"),
                };
                with((0..normal.pixels.len()).map(|_| draw()).collect::<Result<_, _>>()?)
            }
            Self::PixelNoise => Ok(pixels.draw(normal.len(), noise)),
            Self::Shuffled => with(normal.images().flat_map(|image| order.iter().map(|&pixel| image[pixel])).collect()),
            Self::Blank => with(vec![0.0; copies * image_len]),
            Self::Full => with(vec![1.0; copies * image_len]),
        }
    }
}
