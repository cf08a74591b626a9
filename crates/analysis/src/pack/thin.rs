//! Shortening of the learning curves in a trace.

use std::collections::{BTreeMap, BTreeSet};

use protocol::{Event, EventKind};
use serde_json::Value;

/// Keeps the lines of at most `points` evenly spaced steps of each series of a trace: the scalars of training, each quantity
/// of validation, the progress. First and last step remain. Spans and all other events remain as well, and so does the last
/// line of every attempt, since costs end there.
///
/// All lines of one step remain or go together: a resumed trial repeats steps, and its last value counts.
pub(super) fn thinned(text: &[u8], points: usize) -> Vec<&[u8]> {
    let lines = text.split(|byte| *byte == b'\n');
    let events: Vec<(Event, &[u8])> =
        lines.filter_map(|line| serde_json::from_slice(line).ok().map(|event| (event, line))).collect();
    let ends_attempt = |index: usize| {
        let attempt = |at: usize| events.get(at).map(|(event, _)| event.attempt);
        attempt(index + 1) != attempt(index)
    };
    // Steps of each series, and whether one of its lines has to stay.
    let mut series: BTreeMap<(&str, &str), BTreeMap<u64, bool>> = BTreeMap::new();
    for (index, (event, _)) in events.iter().enumerate() {
        if let Some((key, step)) = series_of(event) {
            *series.entry(key).or_default().entry(step).or_default() |= ends_attempt(index);
        }
    }
    let kept: BTreeMap<_, BTreeSet<u64>> = series.into_iter().map(|(key, steps)| (key, kept(&steps, points))).collect();
    let stays = |event: &Event| series_of(event).is_none_or(|(key, step)| kept[&key].contains(&step));
    events.iter().filter(|(event, _)| stays(event)).map(|(_, line)| *line).collect()
}

/// The steps that have to stay, and evenly spaced ones of the others.
fn kept(steps: &BTreeMap<u64, bool>, points: usize) -> BTreeSet<u64> {
    let free: Vec<u64> = steps.iter().filter(|(_, stays)| !**stays).map(|(step, _)| *step).collect();
    let chosen = evenly_spaced(free.len(), points).into_iter().map(|at| free[at]);
    chosen.chain(steps.iter().filter(|(_, stays)| **stays).map(|(step, _)| *step)).collect()
}

/// Series and step of an event; `None` if it belongs to no series.
fn series_of(event: &Event) -> Option<((&str, &str), u64)> {
    let quantity = match event.name.as_str() {
        "scalars" | "progress" => "",
        "validation" => event.text("quantity").unwrap_or_default(),
        _ => return None,
    };
    let step = event.fields.get("step").and_then(Value::as_u64)?;
    (event.kind == EventKind::Event).then_some(((event.name.as_str(), quantity), step))
}

/// At most `count` of the numbers below `length`, evenly spaced, with the last one, and the first one if there are two.
fn evenly_spaced(length: usize, count: usize) -> BTreeSet<usize> {
    match (length, count) {
        (0, _) | (_, 0) => BTreeSet::new(),
        _ if length <= count => (0..length).collect(),
        (_, 1) => BTreeSet::from([length - 1]),
        _ => (0..count).map(|at| (at as u128 * (length - 1) as u128 / (count - 1) as u128) as usize).collect(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn thinning_keeps_the_ends_and_the_number(length in 0_usize..500, count in 0_usize..60) {
            let kept = evenly_spaced(length, count);
            prop_assert_eq!(kept.len(), length.min(count));
            if count >= 1 && length >= 1 {
                prop_assert!(kept.contains(&(length - 1)));
            }
            if count >= 2 && length >= 1 {
                prop_assert!(kept.contains(&0));
                // No gap is more than one longer than another.
                let gaps: Vec<_> = kept.iter().zip(kept.iter().skip(1)).map(|(a, b)| b - a).collect();
                let (least, most) = (gaps.iter().min().copied(), gaps.iter().max().copied());
                prop_assert!(most.unwrap_or_default() - least.unwrap_or_default() <= 1);
            }
        }
    }
}
