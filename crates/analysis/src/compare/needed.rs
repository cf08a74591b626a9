//! Numbers of seeds or test images that decide a comparison.

use protocol::text::count;
use stats::{ALPHA, AnyTime, Difference, Part, t_quantile};

use super::comparison::Comparison;

/// Largest number of seeds that is searched.
const MOST: usize = 1000;
/// Largest number of test images that is named.
const MOST_IMAGES: usize = 10_000_000;

/// Seeds or test images that decide a comparison at the observed difference and spread; `None` if unknown.
///
/// The threshold is Bonferroni's for the family and its analyses, so that Holm's correction needs no more.
pub(super) fn what_would_decide(row: &Comparison) -> Option<String> {
    let (effect, difference) = (row.effect?.abs(), row.difference?);
    let analyses = row.analysis.filter(|_| !row.any_time).map_or(1, |analysis| analysis.of);
    let alpha = ALPHA / (row.family.max(1) * analyses) as f64;
    // A difference is shown by two tails, equivalence by one.
    let goal = |distance, tails| Goal { distance, alpha, tails };
    let goals = [Some(goal(effect, 2.0)), row.margin.map(|margin| goal(margin - effect, 1.0))];
    let goals = goals.into_iter().flatten().filter(|goal| goal.distance > 0.0);
    let mut needs: Vec<Need> = goals.filter_map(|goal| need(row, difference, goal)).collect();
    needs.sort_by_key(Need::order);
    needs.into_iter().next().map(|need| need.words())
}

/// A way to decide a comparison.
enum Need {
    Seeds(usize),
    Images(usize),
    TimesAsManyImages(f64),
    MoreSeeds,
}

impl Need {
    fn order(&self) -> usize {
        match self {
            Self::Seeds(seeds) => *seeds,
            Self::Images(_) | Self::TimesAsManyImages(_) => MOST + 1,
            Self::MoreSeeds => MOST + 2,
        }
    }

    fn words(&self) -> String {
        let observed = "at the observed difference and spread";
        match self {
            Self::Seeds(seeds) => format!("{} a side would decide it {observed}", count(*seeds, "seed")),
            Self::Images(images) if *images > MOST_IMAGES => {
                "the error over test images dominates, and no practical number of them would decide it".to_owned()
            }
            Self::Images(images) => {
                format!(
                    "the error over test images dominates: more than {images} test images would be needed {observed}"
                )
            }
            Self::TimesAsManyImages(times) => {
                let times = format!("{:.1}", times.max(1.1));
                format!("the error over test images dominates: {times} times as many would be needed {observed}")
            }
            Self::MoreSeeds => format!("more than {MOST} seeds a side would be needed {observed}"),
        }
    }
}

/// A distance between an estimate and a bound, and the error probability of the test with one or two tails.
#[derive(Clone, Copy)]
struct Goal {
    distance: f64,
    alpha: f64,
    tails: f64,
}

/// The least addition with which an estimate lies as far beyond a bound as its test needs.
fn need(row: &Comparison, difference: Difference, Goal { distance, alpha, tails }: Goal) -> Option<Need> {
    let half_width = |parts: &[Part]| {
        let error = Difference::cautious(difference.effect, parts)?;
        Some(t_quantile(error.degrees, 1.0 - alpha / tails)? * error.se)
    };
    if let Some(images) = row.part_images {
        let at_most = if row.any_time {
            let exact = row.part_variant.map(|_| Part { variance: 0.0, degrees: MOST as f64 });
            AnyTime { effect: difference.effect, observations: exact, shared: Some(images) }.half_width(alpha, tails)
        } else {
            half_width(&[images])?
        };
        if at_most > distance {
            let times = (at_most / distance).powi(2);
            let wanted = (images.degrees + 1.0) * times;
            return Some(if wanted < 1e9 { Need::Images(wanted as usize) } else { Need::TimesAsManyImages(times) });
        }
    }
    let now = row.seeds.0.max(row.seeds.1).max(2);
    let with = |n: usize| {
        if row.any_time {
            let observations = Part::of_mean(row.sd.0, n);
            let test = AnyTime { effect: difference.effect, observations, shared: row.part_images };
            return Some(test.half_width(alpha, tails));
        }
        let seeds = [(row.part_variant, row.sd.0), (row.part_baseline, row.sd.1)];
        let own = seeds.into_iter().filter(|(_, sd)| *sd > 0.0).filter_map(|(_, sd)| Part::of_mean(sd, n));
        half_width(&own.chain(row.part_images).collect::<Vec<_>>())
    };
    if row.sd == (0.0, 0.0) {
        return None;
    }
    // The error falls with the number of seeds, so the least sufficient number is found by bisection.
    let suffices = |n: usize| with(n).is_some_and(|half| half <= distance);
    let (mut low, mut high) = (now, MOST);
    if now > MOST || !suffices(MOST) {
        return Some(Need::MoreSeeds);
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if suffices(middle) { high = middle } else { low = middle + 1 }
    }
    Some(Need::Seeds(low))
}
