//! GAN-INT-CLS: images from captions.
//!
//! The discriminator is trained on three kinds of pairs: an image with its caption, an image with the caption of
//! another image, and a generated image with its caption. Only the first kind is positive. The generator is also
//! trained on the midpoints of the codes of two captions, for which there are no data.
//!
//! Reed, Akata, Yan, Logeswaran, Schiele and Lee, 2016, Generative Adversarial Text to Image
//! Synthesis, algorithm 1 (CLS) and eq. 5 (INT).
//!
//! # Departures from the paper
//! - Networks for small images: two doublings from a quarter of the size. Pixels lie in `[0, 1]`. Weights are drawn by
//!   the rule of Glorot.
//! - The caption encoder reads a small vocabulary of words. Each of the two networks trains its own encoder, instead of
//!   an encoder that is trained beforehand on descriptions of birds. Codes are linear in words, which generalises to
//!   new captions.
//! - The discriminator is spectrally normalised, with the hinge loss by default. Caption and image are combined by a
//!   product of features (Miyato and Koyama, 2018, cGANs with Projection Discriminator, eq. 3) instead of a further
//!   layer. With the layer, batch normalisation and loss of the paper, fewer than half of the attributes were right
//!   after equally many steps.
//! - Samples come from an average of the generator over steps.

mod networks;
mod trainer;

use burn::prelude::*;
use data::DataShape;
use engine::{ModelConfig, Trainer};
use protocol::{Optim, Problem, Support};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::gan::{Objective, real_valued};
use protocol::check::{learning_rate, positive};

/// Required divisor of the image sides: the generator doubles them twice, the discriminator halves them twice.
const MULTIPLE: usize = 4;

/// Settings of `text2image`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Text2ImageConfig {
    /// Number of channels of both networks at half size, 1 to 65,536; twice as many at a quarter.
    #[schemars(range(min = 1, max = 65_536))]
    channels: usize,
    /// Number of dimensions of the code of a caption, 1 to 65,536.
    #[schemars(range(min = 1, max = 65_536))]
    text: usize,
    /// Number of latent dimensions, 1 to 65,536.
    #[schemars(range(min = 1, max = 65_536))]
    latent: usize,
    /// Weight of real images with wrong captions among the negatives, 0 to below 1; 0 = a plain conditional GAN.
    #[schemars(range(min = 0), extend("exclusiveMaximum" = 1))]
    mismatch: f64,
    /// Trains the generator also on the midpoints of the codes of two captions: true or false.
    interpolate: bool,
    /// Decay of the moving average of the generator, 0 to below 1; 0 = samples from the weights of the last step.
    #[schemars(range(min = 0), extend("exclusiveMaximum" = 1))]
    average: f64,
    /// Loss of generator and discriminator: minimax, non_saturating, least_squares or hinge.
    #[schemars(schema_with = "crate::gan::without_wgan")]
    objective: Objective,
    /// Learning rate for the generator, above 0, at most 10.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 10))]
    lr_generator: f64,
    /// Learning rate for the discriminator, above 0, at most 10.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 10))]
    lr_discriminator: f64,
}

impl Default for Text2ImageConfig {
    fn default() -> Self {
        Self {
            channels: 32,
            text: 64,
            latent: 16,
            mismatch: 0.5,
            interpolate: true,
            average: 0.998,
            objective: Objective::Hinge,
            lr_generator: 2e-3,
            lr_discriminator: 1e-3,
        }
    }
}

impl ModelConfig for Text2ImageConfig {
    const NAME: &'static str = "text2image";
    const ABOUT: &'static str =
        "Generative adversarial network from captions to images (GAN-INT-CLS); samples, no density.";
    // 2: the discriminator sees pixels in [-1, 1].
    const VERSION: u32 = 2;

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        if data.captions.is_none() {
            return Err(Problem::new("", "the images have no captions").help("use the data set `captions`"));
        }
        if data.support == Support::Real {
            return Err(real_valued());
        }
        if !data.height.is_multiple_of(MULTIPLE) || !data.width.is_multiple_of(MULTIPLE) {
            let message = format!("images of {}x{} cannot be halved twice", data.height, data.width);
            return Err(Problem::new("", message).help(format!("use sides that are multiples of {MULTIPLE}")));
        }
        positive("channels", self.channels)?;
        positive("text", self.text)?;
        positive("latent", self.latent)?;
        if !(0.0..1.0).contains(&self.mismatch) {
            let message = format!("{} is out of range", self.mismatch);
            return Err(Problem::new("mismatch", message).help("from 0 to below 1; the paper uses 0.5"));
        }
        ::nn::average::check("average", self.average)?;
        self.objective.without_clipping()?;
        learning_rate("lr_generator", self.lr_generator)?;
        learning_rate("lr_discriminator", self.lr_discriminator)
    }

    fn check_optim(&self, optim: &Optim) -> Result<(), Problem> {
        ::nn::average::only_one(self.average, optim)
    }

    fn tiny() -> Vec<Self> {
        let tiny =
            Self { channels: 6, text: 6, latent: 3, lr_generator: 2e-3, lr_discriminator: 2e-3, ..Self::default() };
        vec![
            tiny.clone(),
            Self { mismatch: 0.0, interpolate: false, average: 0.0, objective: Objective::NonSaturating, ..tiny },
        ]
    }

    fn build(&self, data: &DataShape, seed: u64, device: &Device) -> Box<dyn Trainer> {
        Box::new(trainer::Text2Image::new(self.clone(), data, seed, device))
    }
}

#[cfg(test)]
mod tests {
    use data::CaptionShape;

    use super::*;

    #[test]
    fn data_without_captions_or_of_odd_sides_is_refused_with_advice() {
        let bare = DataShape::new([1, 8, 8], Support::Binary, [8, 8, 8]);
        let problem = Text2ImageConfig::default().check(&bare).expect_err("no captions");
        assert_eq!(problem.message, "the images have no captions");
        assert_eq!(problem.help.expect("advice"), "use the data set `captions`");
        let captions = Some(CaptionShape { vocabulary: 3, words: 2 });
        let odd = DataShape { captions, height: 6, ..bare };
        let problem = Text2ImageConfig::default().check(&odd).expect_err("odd sides");
        assert_eq!(problem.message, "images of 6x8 cannot be halved twice");
        assert!(Text2ImageConfig::default().check(&DataShape { captions, ..bare }).is_ok());
    }
}
