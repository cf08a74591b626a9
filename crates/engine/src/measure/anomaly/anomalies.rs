//! Out-of-distribution images.

use data::{Dataset, Noise, Split};
use protocol::Support;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::background::{Background, grey};

/// Out-of-distribution set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Anomaly {
    /// Images of a class that is held out of all splits (`hold_out` of the data set).
    HeldOut,
    /// Test images with inverted pixels: 1 - x.
    Inverted,
    /// Uniform noise: every pixel is drawn from the support with equal probabilities.
    Noise,
    /// Independent pixels: every pixel is drawn from its marginal distribution over the training images.
    PixelNoise,
    /// Test images with shuffled pixels, by one permutation for all images.
    Shuffled,
    /// One image with all pixels 0.
    Blank,
    /// One image with all pixels 1.
    Full,
}

impl Anomaly {
    /// Name in settings and in the names of figures.
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

    /// Draws as many images as `normal` has, at most all images of a held-out class, or `copies` of a single image.
    ///
    /// `pixels` has the marginal distributions of the training images, `order` is the permutation of shuffled pixels.
    /// The error is the reason why the set does not exist.
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
                None => Err("no class is held out: set `hold_out` of the data set, if it has one"),
            },
            Self::Inverted if support == Support::Real => Err("real-valued pixels cannot be inverted"),
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
