//! Purity of the classes of generated images, by category of the code and by cluster.

use data::{Noise, Split};
use protocol::{Direction, Kind, Measurement, Unit};

use super::clusters::clusters;
use super::{Name, absent, assignment, figure};
use crate::Codes;
use crate::measure::collapse::Partition;
use crate::measure::{MeasureError, Subject};

/// Maximum number of images that are clustered.
const CLUSTERED: usize = 2_000;

pub(super) const FIGURES: [Name; 3] = [
    ("code_purity", Kind::Estimate, Unit::One, Direction::Higher),
    ("code_purity_chance", Kind::Estimate, Unit::One, Direction::Neither),
    ("cluster_purity", Kind::Estimate, Unit::One, Direction::Higher),
];

/// Number of images whose class is the one that is assigned to their group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Purity {
    pub(super) right: usize,
    pub(super) images: usize,
}

/// Purity of `groups` of images of known `classes`.
///
/// Groups are assigned to classes one to one, by the best assignment for the images with an even index. The images with
/// an odd index are counted, so that random groups have an expected share of one over the number of classes, and so has
/// any grouping if only one class is generated.
pub(super) fn purity(groups: &[usize], classes: &[usize], [group_count, class_count]: [usize; 2]) -> Purity {
    let mut counts = vec![vec![0.0; class_count]; group_count];
    let pairs = || groups.iter().zip(classes);
    pairs().step_by(2).for_each(|(group, class)| counts[*group][*class] += 1.0);
    let class_of = assignment::best(&counts);
    let counted = || pairs().skip(1).step_by(2);
    let right = counted().filter(|(group, class)| class_of[**group] == Some(**class)).count();
    Purity { right, images: counted().count() }
}

/// Images of a model, with their codes if it has a code with a category.
struct Drawn {
    images: Split,
    codes: Option<(Codes, usize)>,
}

impl Drawn {
    /// Draws images; the error is the reason why there are none.
    fn of(subject: &Subject<'_>, count: usize, noise: &mut Noise) -> Result<Self, &'static str> {
        let drawn = match (subject.model.coded(), subject.model.sampler()) {
            (Some(model), _) => {
                let codes = model.shape().draw(count, noise);
                let images = model.draw_by(&codes, noise);
                let categories = model.shape().categories;
                Self { images, codes: (categories > 0).then_some((codes, categories)) }
            }
            (None, Some(sampler)) => Self { images: sampler.sample(count, noise), codes: None },
            (None, None) => return Err("the model draws no images"),
        };
        let is_finite = drawn.images.pixels.iter().all(|pixel| pixel.is_finite());
        if is_finite { Ok(drawn) } else { Err("a pixel of the samples is not finite") }
    }
}

/// Purities of `count` generated images: by category, by the same categories in a random order, and by cluster.
pub(super) fn figures(subject: &Subject<'_>, count: usize) -> Result<Vec<Measurement>, MeasureError> {
    let none = |reason: &str| FIGURES.map(|name| absent(name, reason)).to_vec();
    let mut noise = subject.noise("measure/code_information/purity");
    let Drawn { images, codes } = match Drawn::of(subject, count, &mut noise) {
        Ok(drawn) => drawn,
        Err(reason) => return Ok(none(reason)),
    };
    let partition = match Partition::of(subject)? {
        Ok(partition) => partition,
        Err(reason) => return Ok(none(&reason)),
    };
    let classes = partition.modes_of(&images);
    let mut all = match codes {
        Some((codes, categories)) => {
            let order = noise.permutation(count);
            let shuffled: Vec<usize> = order.into_iter().map(|index| codes.categories[index]).collect();
            let counts = [categories, partition.count()];
            let purities = [&codes.categories, &shuffled].map(|groups| purity(groups, &classes, counts));
            vec![purities[0].figure(FIGURES[0]), purities[1].figure(FIGURES[1])]
        }
        None => FIGURES[..2].iter().map(|name| absent(*name, "the model has no code with a category")).collect(),
    };
    let (some, count) = (images.take(CLUSTERED), partition.count());
    let groups = clusters(&some, count, &mut noise);
    all.push(purity(&groups, &classes, [count, count]).figure(FIGURES[2]));
    Ok(all)
}

impl Purity {
    fn figure(self, name: Name) -> Measurement {
        let share = self.right as f64 / self.images as f64;
        let se = (share * (1.0 - share) / self.images as f64).sqrt();
        // If no image or every image is right, the binomial estimate is 0, which does not mean certainty.
        figure(name, share).with_se(if se > 0.0 { se } else { f64::NAN }).with_n(self.images)
    }
}
