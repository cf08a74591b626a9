//! Distribution of trials to array jobs, within the cluster's limit on length and the limit on concurrent trials.

use std::ops::Range;

/// One array job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Array {
    /// Indices of its trials.
    pub(super) trials: Range<usize>,
    /// Largest number of concurrent tasks; `None` without a limit.
    pub(super) throttle: Option<usize>,
    /// Index of the array that must end first.
    pub(super) after: Option<usize>,
}

/// Splits `count` trials into arrays of at most `longest` tasks, with at most `throttle` concurrent tasks in total. The
/// arrays share that limit; if there are more arrays than the limit, each of the rest waits for an earlier one.
pub(super) fn arrays(count: usize, longest: usize, throttle: Option<usize>) -> Vec<Array> {
    let longest = longest.max(1);
    let number = count.div_ceil(longest);
    let lanes = throttle.map_or(number, |throttle| throttle.clamp(1, number.max(1)));
    (0..number)
        .map(|at| Array {
            // Nearly equal lengths, so that the lanes end at about the same time.
            trials: count * at / number..count * (at + 1) / number,
            throttle: throttle.map(|throttle| {
                let lane = at % lanes;
                throttle.max(1) / lanes + usize::from(lane < throttle.max(1) % lanes)
            }),
            after: at.checked_sub(lanes),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_small_grid_is_one_array() {
        assert_eq!(arrays(3, 1001, None), [Array { trials: 0..3, throttle: None, after: None }]);
        assert_eq!(arrays(0, 1001, Some(2)), []);
        let many = arrays(10, 3, Some(2));
        assert_eq!(many.iter().map(|array| array.trials.len()).collect::<Vec<_>>(), [2, 3, 2, 3]);
        assert_eq!(many.iter().map(|array| array.after).collect::<Vec<_>>(), [None, None, Some(0), Some(1)]);
    }

    proptest! {
        #[test]
        fn arrays_cover_all_trials_within_both_limits(
            count in 0usize..5000, longest in 1usize..1200, throttle in proptest::option::of(1usize..300)
        ) {
            let arrays = arrays(count, longest, throttle);
            let all: Vec<usize> = arrays.iter().flat_map(|array| array.trials.clone()).collect();
            prop_assert_eq!(all, (0..count).collect::<Vec<_>>());
            prop_assert!(arrays.iter().all(|array| (1..=longest).contains(&array.trials.len())));
            if let Some(throttle) = throttle {
                // The first arrays of all lanes run at the same time.
                let lanes: usize = arrays.iter().filter(|array| array.after.is_none())
                    .map(|array| array.throttle.unwrap()).sum();
                prop_assert!(lanes <= throttle);
                // All arrays of a lane have the same throttle.
                for array in &arrays {
                    if let Some(before) = array.after {
                        prop_assert_eq!(array.throttle, arrays[before].throttle);
                    }
                    prop_assert!(array.throttle.unwrap() > 0);
                }
            }
        }
    }
}
