//! Images of captions: GAN-INT-CLS.
//!
//! The discriminator is shown three kinds of pairs: an image with its caption, an image with the
//! caption of another one, and a generated image with the caption that it was generated for. Only
//! the first is right. The generator is also trained on points halfway between two captions, where
//! there is no data.
//!
//! Reed, Akata, Yan, Logeswaran, Schiele and Lee, 2016, Generative Adversarial Text to Image
//! Synthesis, algorithm 1 (CLS) and eq. 5 (INT).
//!
//! # Departures from the paper
//! Networks for small images: two doublings from a quarter of the size. The caption encoder
//! reads words, of which there are few, and is trained with the networks, once for each of the two,
//! instead of before them on descriptions of birds. The discriminator is spectrally normalised, its
//! default loss is the hinge, and a caption meets the image in a product, by which the joint log-odds
//! of Miyato and Koyama (2018, cGANs with Projection Discriminator, eq. 3) come apart, rather than in
//! one more layer of both: with the paper's layer, batch normalisation and loss fewer than half of the
//! attributes came out right in as many steps. Captions' codes are linear in words, which carries over to
//! captions that were never seen, and samples come from an average of the generator over steps. Weights are drawn by Glorot's rule. Pixels lie in `[0, 1]`.

mod networks;
mod trainer;

use burn::prelude::*;
use data::DataShape;
use engine::{ModelConfig, Trainer};
use protocol::{Problem, Support};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::gan::Objective;
use protocol::check::{learning_rate, positive};

/// The generator doubles twice, the discriminator halves twice.
const MULTIPLE: usize = 4;

/// Settings of `text2image`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Text2ImageConfig {
    /// Channels of both networks at half size; twice as many at a quarter.
    channels: usize,
    /// Dimensions of a caption's code.
    text: usize,
    /// Number of latent dimensions, 1 to 65,536.
    latent: usize,
    /// The weight of real images with wrong captions among the discriminator's negatives, 0 to
    /// below 1; 0 is a plain conditional GAN.
    mismatch: f64,
    /// Whether the generator is also trained halfway between captions.
    interpolate: bool,
    /// What the sampled generator keeps of its average over earlier steps, 0 to below 1; 0 samples from
    /// the last step's weights.
    average: f64,
    /// What the two networks minimise: minimax, non_saturating, least_squares or hinge.
    objective: Objective,
    /// Learning rate of Adam for the generator, above 0, at most 10.
    lr_generator: f64,
    /// Learning rate of Adam for the discriminator, above 0, at most 10.
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
        "adversarial images of captions, with mismatched and interpolated captions (GAN-INT-CLS)";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        if data.captions.is_none() {
            return Err(Problem::new("", "the images have no captions").help("use the data set `captions`"));
        }
        if data.support == Support::Real {
            return Err(Problem::new("", "the generator's pixels lie in [0, 1], the data's do not"));
        }
        if !data.height.is_multiple_of(MULTIPLE) || !data.width.is_multiple_of(MULTIPLE) {
            let message = format!("images of {}x{} are not reached by two doublings", data.height, data.width);
            return Err(Problem::new("", message).help(format!("sides that are multiples of {MULTIPLE}")));
        }
        positive("channels", self.channels)?;
        positive("text", self.text)?;
        positive("latent", self.latent)?;
        if !(0.0..1.0).contains(&self.mismatch) {
            let message = format!("{} is no share of the negatives", self.mismatch);
            return Err(Problem::new("mismatch", message).help("from 0 to below 1; the paper has 0.5"));
        }
        ::nn::average::check("average", self.average)?;
        self.objective.without_clipping()?;
        learning_rate("lr_generator", self.lr_generator)?;
        learning_rate("lr_discriminator", self.lr_discriminator)
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
        assert_eq!(problem.message, "images of 6x8 are not reached by two doublings");
        assert!(Text2ImageConfig::default().check(&DataShape { captions, ..bare }).is_ok());
    }
}
