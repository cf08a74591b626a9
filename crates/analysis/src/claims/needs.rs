//! Numbers of seeds or test images that decide an undecided comparison at the present values and spread.

use protocol::text::count;

use super::bounds::Uncertain;

/// Largest number of seeds that is recommended.
const MOST_SEEDS: usize = 1_000;
/// Largest factor on the number of test images that is recommended.
const MOST_IMAGES: f64 = 1e4;

/// Describes what would decide a comparison. `decides` returns whether projected numbers do.
pub(super) fn needs(now: &Uncertain, is_equality: bool, decides: &dyn Fn(&Uncertain) -> bool) -> String {
    let seeds = now.seeds();
    let means = now.means.as_ref();
    let dominates = "the error over test images remains";
    let by_images = |seeds: usize| {
        let mut factors = (1..).map(|power| 2.0_f64.powi(power)).take_while(|factor| *factor <= MOST_IMAGES);
        factors.find(|factor| decides(&now.projected(seeds, *factor)))
    };
    let only_images = |factor: f64| format!("about {factor} times as many test images; with more seeds {dominates}");
    // Where the images are most of the error, many more seeds bring little.
    if means.is_some_and(|means| means.share_of_images() > 0.5)
        && let Some(factor) = by_images(seeds)
    {
        return only_images(factor);
    }
    let has_seeds = !now.rates.is_empty() || means.is_some_and(|means| !means.seeds.is_empty());
    if has_seeds && let Some(enough) = smallest(seeds, &|seeds| decides(&now.projected(seeds, 1.0))) {
        return match now.rates.as_slice() {
            [(_, rate)] if means.is_none() && rate.events == 0 => {
                format!("{enough} seeds without an event (now {seeds})")
            }
            [(_, rate)] if means.is_none() && rate.events == rate.seeds => {
                format!("{enough} seeds, all with an event (now {seeds})")
            }
            [] => format!("about {} of each variant at this spread (now at most {seeds})", count(enough, "seed")),
            _ => format!("about {} of each variant at these rates (now at most {seeds})", count(enough, "seed")),
        };
    }
    if means.is_some_and(|means| means.images.is_some()) {
        if let Some(factor) = by_images(seeds) {
            return only_images(factor);
        }
        if let Some(factor) = by_images(MOST_SEEDS).filter(|_| has_seeds) {
            return format!("more seeds and about {factor} times as many test images; with seeds alone {dominates}");
        }
    }
    if is_equality {
        return "nothing: a test cannot show that two means are equal; write `equal(a, b, tolerance)`".to_owned();
    }
    "no number of seeds at these values: they are at the limit of the claim".to_owned()
}

/// The smallest number above `now` that satisfies `test`, at most [`MOST_SEEDS`].
fn smallest(now: usize, test: &dyn Fn(usize) -> bool) -> Option<usize> {
    // Step by step where a rate makes the numbers uneven, then by doubling and bisection.
    if let Some(found) = (now + 1..now + 65).find(|seeds| test(*seeds)) {
        return Some(found);
    }
    let mut low = now + 64;
    while low < MOST_SEEDS {
        let high = (2 * low).min(MOST_SEEDS);
        if test(high) {
            let above: Vec<usize> = (low + 1..=high).collect();
            return above.get(above.partition_point(|seeds| !test(*seeds))).copied();
        }
        low = high;
    }
    None
}
