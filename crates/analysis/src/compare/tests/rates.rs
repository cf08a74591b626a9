//! Lost seeds and rates of seeds.

use protocol::{Compare, Direction};
use stats::{Verdict, fisher};

use super::S::{self, Lost, V};
use super::{compared, margin, one, summed, values, variant};
use crate::summary::VariantSummary;

#[test]
fn a_variant_with_lost_seeds_is_not_better_by_survivorship() {
    let survivors = [values(80.0, 7), vec![Lost]].concat();
    let row = one(&survivors, &values(90.0, 8), &Compare::default());
    assert_eq!((row.verdict, row.seeds, row.lost), (Verdict::Undecided, (7, 8), (1, 0)));
    let remark = "v lost 1 seed (failed or collapsed): the means are over the other seeds";
    let reason = "undecided: the side that is ahead lost a larger share of its seeds, by more than 10%";
    assert_eq!(row.reason, format!("{reason}; {remark}"));
    assert_eq!(one(&values(80.0, 8), &survivors, &Compare::default()).verdict, Verdict::Undecided);
    // One of ten seeds is within the margin of the rates, and the same share on both sides is, too.
    let ten = [values(80.0, 9), vec![Lost]].concat();
    assert_eq!(one(&ten, &values(90.0, 10), &Compare::default()).verdict, Verdict::Better);
    assert_eq!(one(&survivors, &[values(90.0, 7), vec![Lost]].concat(), &Compare::default()).verdict, Verdict::Better);
    let worse = [values(99.0, 3), vec![Lost; 5]].concat();
    assert_eq!(one(&worse, &values(90.0, 8), &Compare::default()).verdict, Verdict::Worse);
    let equal = one(&survivors, &values(80.0, 8), &margin(5.0));
    assert_eq!(equal.verdict, Verdict::Undecided, "{}", equal.reason);
}

#[test]
fn rates_of_seeds_are_compared_by_an_exact_test() {
    let of = |name: &str, ones: usize, seeds: usize| {
        let all: Vec<S> = (0..seeds).map(|seed| V(f64::from(u8::from(seed < ones)))).collect();
        VariantSummary { figures: vec![summed("collapsed", Direction::Lower, &all, name)], ..variant(name, &all) }
    };
    let row = |a: (usize, usize), b: (usize, usize)| {
        compared(vec![of("base", b.0, b.1), of("v", a.0, a.1)], &Compare::default()).rows.remove(0)
    };
    let clear = row((0, 6), (6, 6));
    assert_eq!((clear.p, clear.verdict, clear.interval), (fisher((0, 6), (6, 6)), Verdict::Better, None));
    let few = row((0, 3), (3, 3));
    assert!((few.p.unwrap() - 0.1).abs() < 1e-12 && few.verdict == Verdict::Undecided);
    assert_eq!(row((2, 6), (2, 6)).verdict, Verdict::Undecided);
}
