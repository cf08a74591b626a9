//! Bad models with as many capabilities as they can have.

use data::{Dataset, Noise, Split};
use engine::{DensityBound, Elbo, Encoder, ExplicitDensity, Features, GenerativeModel, Sampler};
use protocol::Support;

/// Shares of flipped pixels, from which the validation images choose.
const FLIPS: [f64; 8] = [0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3];

/// A model that draws one of its binary images, all equally likely. Its density flips each pixel with a probability that
/// is chosen on validation images, as a memoriser's density over all images must.
pub(crate) struct Images {
    images: Split,
    flip: f64,
    /// `true` if it has a bound and features, which are equal for all images.
    is_constant: bool,
}

impl Images {
    /// The memoriser: all training images.
    pub(crate) fn memorised(data: &Dataset) -> Self {
        Self::of(data.train.clone(), data, false)
    }

    /// The constant: the mean training image, each pixel rounded.
    pub(crate) fn constant(data: &Dataset) -> Self {
        let mut mean = vec![0.0; data.train.image_len];
        for image in data.train.images() {
            mean.iter_mut().zip(image).for_each(|(sum, pixel)| *sum += pixel / data.train.len() as f32);
        }
        Self::of(Split::new(mean.iter().map(|mean| mean.round()).collect(), data.train.image_len), data, true)
    }

    fn of(images: Split, data: &Dataset, is_constant: bool) -> Self {
        let with = |flip| Self { images: images.clone(), flip, is_constant };
        let nats = |flip: &f64| with(*flip).log_density(&data.validation).iter().sum::<f64>();
        let best = FLIPS.into_iter().max_by(|a, b| nats(a).total_cmp(&nats(b))).expect("there are candidates");
        with(best)
    }
}

impl GenerativeModel for Images {
    fn parameters(&self) -> u64 {
        self.images.pixels.len() as u64
    }
    fn sampler(&self) -> Option<&dyn Sampler> {
        Some(self)
    }
    fn density(&self) -> Option<&dyn ExplicitDensity> {
        Some(self)
    }
    fn bound(&self) -> Option<&dyn DensityBound> {
        self.is_constant.then_some(self)
    }
    fn encoder(&self) -> Option<&dyn Encoder> {
        self.is_constant.then_some(self)
    }
}

impl Sampler for Images {
    fn support(&self) -> Support {
        Support::Binary
    }
    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        let chosen: Vec<usize> = (0..count).map(|_| noise.below(self.images.len())).collect();
        Split::new(self.images.select(&chosen).pixels, self.images.image_len)
    }
}

impl ExplicitDensity for Images {
    fn support(&self) -> Support {
        Support::Binary
    }
    fn log_density(&self, images: &Split) -> Vec<f64> {
        let (flipped, kept) = (self.flip.ln(), (1.0 - self.flip).ln());
        let of_image = |image: &[f32]| {
            let term = |own: &[f32]| {
                let flips = own.iter().zip(image).filter(|(a, b)| a != b).count() as f64;
                flips * flipped + (image.len() as f64 - flips) * kept
            };
            let terms: Vec<f64> = self.images.images().map(term).collect();
            engine::log_sum_exp(terms.iter().copied()) - (terms.len() as f64).ln()
        };
        images.images().map(of_image).collect()
    }
}

impl DensityBound for Images {
    fn support(&self) -> Support {
        Support::Binary
    }
    fn elbo(&self, images: &Split, _: &mut Noise) -> Vec<Elbo> {
        self.log_density(images).into_iter().map(|reconstruction| Elbo { reconstruction, kl: 0.0 }).collect()
    }
    fn iwae(&self, images: &Split, _: usize, _: &mut Noise) -> Vec<f64> {
        self.log_density(images)
    }
}

impl Encoder for Images {
    fn encode(&self, images: &Split) -> Features {
        Features { values: vec![1.0; 4 * images.len()], width: 4 }
    }
}
