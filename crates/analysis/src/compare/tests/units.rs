//! Direction and unit of a figure.

use protocol::{Compare, Direction, Unit};
use stats::Verdict;

use super::S::{self, V};
use super::{compared, summed, values, variant};

#[test]
fn the_direction_of_a_figure_decides_the_verdict() {
    let seeds = |name: &str, first: f64| {
        let mut variant = variant(name, &values(first, 5));
        variant.figures = vec![summed("coverage", Direction::Higher, &values(first, 5), name)];
        variant
    };
    let rows = compared(vec![seeds("base", 1.0), seeds("v", 2.0)], &Compare::default()).rows;
    assert_eq!(rows[0].verdict, Verdict::Better);
}

/// One quantity in two units has one verdict, one margin and one call for seeds.
#[test]
fn bits_per_dim_follow_the_nats() {
    let with_bits = |name: &str, seeds: &[S]| {
        let mut both = variant(name, seeds);
        let scale = |one: &S| if let V(value) = one { V(value / 44.0) } else { *one };
        let mut bits = summed("bits_per_dim", Direction::Lower, &seeds.iter().map(scale).collect::<Vec<_>>(), name);
        (bits.figure.unit, bits.se_test) = (Unit::BitsPerDim, Some(0.3 / 44.0));
        both.figures.push(bits);
        both
    };
    let rows = |first: f64, compare: &Compare| {
        compared(vec![with_bits("base", &values(90.0, 5)), with_bits("v", &values(first, 5))], compare).rows
    };
    for (name, of) in [("nll", 2.0), ("bits_per_dim", 2.0 / 44.0)] {
        for (first, verdict) in [(90.1, Verdict::Equivalent), (80.0, Verdict::Better), (91.5, Verdict::Worse)] {
            let compare = Compare { margin: [(name.to_owned(), of)].into(), ..Compare::default() };
            let rows = rows(first, &compare);
            let found: Vec<_> = rows.iter().map(|row| row.verdict).collect();
            let verdict = if first > 91.0 { found[0] } else { verdict };
            assert_eq!(found, [verdict; 2], "margin of {name}");
            assert!(
                (rows[0].margin.unwrap() - 2.0).abs() < 1e-9 && (rows[1].margin.unwrap() - 2.0 / 44.0).abs() < 1e-9
            );
        }
    }
}
