//! Latent factors: agreement of single features with single factors of the images.

use data::{Dataset, Split};
use protocol::{Control, Direction, Kind, Measurement, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{BadModel, MeasureConfig, MeasureError, Subject};
use crate::Features;

/// Number of equal bins per feature.
const BINS: usize = 20;

/// Mutual information gap (MIG) between features of the model and factors of the images, 0 to 1.
///
/// - `mig_<factor>`: mutual information of the factor with its most informative feature, minus that with the second
///   feature, divided by the entropy of the factor. 1 means that exactly one feature determines the factor.
/// - `mig`: mean over factors.
/// - `mig_untrained`: that of the untrained model.
///
/// Factors are the attributes in captions, or the class. Mutual information is estimated from counts over test images,
/// with 20 equal bins per feature as in Locatello et al., 2019. With few images both terms are biased upwards, and most
/// of the bias cancels.
///
/// Chen, Li, Grosse and Duvenaud, 2018, Isolating Sources of Disentanglement in Variational Autoencoders, eq. 6.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct LatentFactors {}

impl MeasureConfig for LatentFactors {
    const NAME: &'static str = "latent_factors";
    const ABOUT: &'static str =
        "mutual information gap: whether single features of the model agree with single factors of the data";

    fn controls(&self) -> Vec<Control> {
        vec![Control::untrained("mig")]
    }

    fn exposes(&self) -> &'static [BadModel] {
        &[BadModel::Constant]
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let absent =
            |reason| Ok(vec![Measurement::absent("mig", Kind::Estimate, Unit::One, Direction::Higher, reason)]);
        let Some(encoder) = subject.model.encoder() else {
            return absent("the model has no encoder");
        };
        let factors: Vec<Factor> = factors(subject.data).into_iter().filter(Factor::varies).collect();
        if factors.is_empty() {
            return absent("the images have no known factor that varies");
        }
        let test = &subject.data.test;
        let features = encoder.encode(test);
        if !features.are_sound() {
            return absent("a feature is not finite");
        }
        let binned = Binned::of(&features);
        let gaps: Vec<f64> = factors.iter().map(|factor| binned.gap(factor)).collect();
        let names: Vec<&str> = factors.iter().map(|factor| factor.name).collect();
        let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
        let figure = |name: String, value, n| {
            Measurement::new(name, Kind::Estimate, Unit::One, Direction::Higher, value).with_n(n)
        };
        let all = figure("mig".into(), mean, test.len());
        let mut figures = vec![all.remark(format!("factors: {}; {} features", names.join(", "), features.width))];
        if factors.len() > 1 {
            let terms = factors.iter().zip(gaps);
            figures.extend(terms.map(|(factor, gap)| figure(format!("mig_{}", factor.name), gap, factor.images.len())));
        }
        Ok(figures)
    }
}

/// Factor of images with a few values.
struct Factor {
    name: &'static str,
    /// Images with a known value, and the value.
    images: Vec<(usize, usize)>,
    values: usize,
}

impl Factor {
    fn new(name: &'static str, value: impl Iterator<Item = Option<usize>>) -> Self {
        let images: Vec<_> = value.enumerate().filter_map(|(image, value)| Some((image, value?))).collect();
        let values = images.iter().map(|(_, value)| value + 1).max().unwrap_or(0);
        Self { name, images, values }
    }

    fn varies(&self) -> bool {
        self.images.iter().any(|(_, value)| *value != self.images[0].1)
    }
}

/// Known factors of the test images.
fn factors(data: &Dataset) -> Vec<Factor> {
    let test: &Split = &data.test;
    if let (Some(reader), Some(captions)) = (&data.reader, &test.captions) {
        let stated: Vec<_> = captions.rows().map(|caption| reader.stated(caption)).collect();
        let attributes = reader.attributes().iter().enumerate();
        let of = |at: usize| stated.iter().map(move |stated| stated[at].map(usize::from));
        return attributes.map(|(at, name)| Factor::new(name, of(at))).collect();
    }
    test.labels
        .iter()
        .map(|labels| Factor::new("class", labels.iter().map(|label| Some(usize::from(*label)))))
        .collect()
}

/// Features in bins, `[feature][image]`.
struct Binned(Vec<Vec<usize>>);

impl Binned {
    fn of(features: &Features) -> Self {
        let column = |at: usize| features.rows().map(move |row| row[at]);
        let bins = |at: usize| {
            let (low, high) =
                column(at).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
            let bin = |value: f64| ((value - low) / (high - low) * BINS as f64) as usize;
            column(at).map(|value| if high > low { bin(value).min(BINS - 1) } else { 0 }).collect()
        };
        Self((0..features.width).map(bins).collect())
    }

    /// Difference of the two largest informations, divided by the entropy of the factor.
    fn gap(&self, factor: &Factor) -> f64 {
        let mut informations: Vec<f64> = self.0.iter().map(|bins| information(bins, factor)).collect();
        informations.sort_unstable_by(|a, b| b.total_cmp(a));
        let at = |rank: usize| informations.get(rank).copied().unwrap_or(0.0);
        let mut counts = vec![0usize; factor.values];
        factor.images.iter().for_each(|(_, value)| counts[*value] += 1);
        (at(0) - at(1)) / entropy(&counts)
    }
}

/// Mutual information of a feature and a factor in nats, from counts.
fn information(bins: &[usize], factor: &Factor) -> f64 {
    let mut joint = vec![0usize; BINS * factor.values];
    let (mut of_bin, mut of_value) = (vec![0usize; BINS], vec![0usize; factor.values]);
    for (image, value) in &factor.images {
        joint[bins[*image] * factor.values + value] += 1;
        of_bin[bins[*image]] += 1;
        of_value[*value] += 1;
    }
    // Rounding errors must not give a negative information.
    (entropy(&of_bin) + entropy(&of_value) - entropy(&joint)).max(0.0)
}

fn entropy(counts: &[usize]) -> f64 {
    let n = counts.iter().sum::<usize>() as f64;
    counts.iter().filter(|count| **count > 0).map(|count| -(*count as f64 / n) * (*count as f64 / n).ln()).sum()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use data::{CaptionedScenes, DataConfig, Noise};

    use super::*;
    use crate::{Encoder, GenerativeModel};

    /// Two factors of 5 and 3 values, as disentanglement_lib's tests of MIG have them.
    fn two_factors(n: usize) -> [Factor; 2] {
        let mut noise = Noise::new(0, "mig", 0);
        let mut draw = |values: usize| (0..n).map(|_| Some(noise.below(values))).collect::<Vec<_>>().into_iter();
        [Factor::new("first", draw(5)), Factor::new("second", draw(3))]
    }

    fn score(factors: &[Factor; 2], code: impl Fn([f64; 2]) -> Vec<f64>) -> f64 {
        let rows = factors[0].images.iter().zip(&factors[1].images);
        let values: Vec<Vec<f64>> = rows.map(|(a, b)| code([a.1 as f64, b.1 as f64])).collect();
        let features = Features { width: values[0].len(), values: values.concat() };
        factors.iter().map(|factor| Binned::of(&features).gap(factor)).sum::<f64>() / 2.0
    }

    /// The bounds of disentanglement_lib's tests: [0.9, 1] for the factors themselves, at most 0.2 for nothing, at
    /// most 0.1 for each factor twice.
    #[test]
    fn factors_as_features_have_a_gap_of_1_and_constants_or_copies_have_none() {
        let factors = two_factors(10_000);
        let own = score(&factors, |factors| factors.to_vec());
        assert!((0.99..=1.0).contains(&own), "{own}");
        assert_eq!(score(&factors, |_| vec![0.0; 10]), 0.0);
        assert_eq!(score(&factors, |[a, b]| vec![a, b, a, b]), 0.0);
        // After a rotation by 45 degrees each feature depends on both factors.
        let rotated = score(&factors, |[a, b]| vec![a + b, a - b]);
        assert!(rotated < 0.1, "{rotated}");
    }

    #[test]
    fn information_by_hand() {
        // A fair coin read rightly three times of four: ln 2 + 3/4 ln 3/4 + 1/4 ln 1/4.
        let factor = Factor::new("coin", [0, 0, 0, 0, 1, 1, 1, 1].into_iter().map(Some));
        let found = information(&[0, 0, 0, 1, 1, 1, 1, 0], &factor);
        let right = 2f64.ln() + 0.75 * 0.75f64.ln() + 0.25 * 0.25f64.ln();
        assert!((found - right).abs() < 1e-12, "{found} {right}");
    }

    /// Encoder with given features, `(values, width)`.
    struct Given(Vec<f64>, usize);

    impl GenerativeModel for Given {
        fn parameters(&self) -> u64 {
            0
        }
        fn encoder(&self) -> Option<&dyn Encoder> {
            Some(self)
        }
    }

    impl Encoder for Given {
        fn encode(&self, _: &Split) -> Features {
            Features { values: self.0.clone(), width: self.1 }
        }
    }

    #[test]
    fn stated_attributes_are_factors_of_the_images_with_that_attribute() {
        let data = CaptionedScenes::default().load().expect("generated");
        let reader = data.reader.clone().expect("a reader");
        let rows = data.test.captions.as_ref().expect("captions").rows();
        let values: Vec<f64> =
            rows.flat_map(|caption| reader.stated(caption)).map(|value| value.map_or(-1.0, f64::from)).collect();
        let take = |model: &Given| {
            let subject =
                Subject { model, data: &data, data_sha256: "", seed: 0, dir: Path::new(""), cache: Path::new("") };
            LatentFactors {}.measure(&subject).expect("nothing is written")
        };
        let figures = take(&Given(values, reader.attributes().len()));
        assert_eq!(figures.len(), 1 + reader.attributes().len());
        let of = |name: &str| figures.iter().find(|figure| figure.name == name).expect("there is one");
        assert!(of("mig").value.expect("a figure") > 0.5, "{figures:?}");
        assert!(of("mig_position").n < of("mig_colour").n);
        let blind = take(&Given(vec![0.0; data.test.len()], 1));
        assert_eq!(blind[0].value, Some(0.0));
        let broken = take(&Given(vec![f64::NAN; data.test.len()], 1));
        assert_eq!(broken[0].reason.as_deref(), Some("a feature is not finite"));
    }
}
