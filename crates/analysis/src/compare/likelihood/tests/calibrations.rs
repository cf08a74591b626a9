//! Distances of other values from a bound with a gap.

use protocol::Kind;

use super::super::BracketPosition;
use super::fixture::{Made, Models, bound, exact, families, gap};

#[test]
fn distances_are_those_on_the_images_of_both() {
    let table = families().table();
    let of: Vec<(&str, &str)> =
        table.calibrations.iter().map(|one| (one.variant.as_str(), one.figure.name.as_str())).collect();
    assert_eq!(of, [("vae", "ais"), ("gan", "ais_observed")]);
    let vae = &table.calibrations[0];
    assert!((vae.gap - 0.2).abs() < 1e-9 && vae.images == Some(10));
    let others: Vec<(&str, Kind, Option<u64>)> =
        vae.others.iter().map(|other| (other.figure.name.as_str(), other.kind, other.images)).collect();
    assert_eq!(others, [("elbo", Kind::LowerBound, Some(10)), ("iwae_50", Kind::LowerBound, Some(10))]);
    // The first ten images are as hard for both.
    assert!((vae.others[0].mean + 2.5).abs() < 1e-6 && (vae.others[1].mean + 0.5).abs() < 1e-6, "{vae:?}");
    assert!(table.calibrations[1].others.is_empty());
}

#[test]
fn an_exact_value_lies_within_above_or_below_the_bracket() {
    // Equal differences on all images have no interval, so the terms of one figure are moved.
    let position = |above: f64| {
        let figures = [exact(40, -20.0 + above), bound("ais", 10, -20.0), gap("ais_simulated_gap", "ais", 0.2)];
        let mut models = Models::default().with("a", &figures);
        models.shift("a", "nll", 5, -0.002);
        models.shift_seeds("a", "nll", 0.001);
        let calibration = models.table().calibrations[0].clone();
        calibration.position(&calibration.others[0])
    };
    assert_eq!(position(0.1), Some(BracketPosition::Within));
    assert_eq!(position(0.5), Some(BracketPosition::Above));
    assert_eq!(position(-0.5), Some(BracketPosition::Below));
    let vae = families().table().calibrations[0].clone();
    assert_eq!(vae.position(&vae.others[0]), None, "a bound may lie anywhere below");
}

#[test]
fn a_value_on_other_images_without_terms_has_no_distance() {
    let old = Made { kept: false, ..exact(40, -20.0) };
    let figures = [old, bound("ais", 10, -20.0), gap("ais_simulated_gap", "ais", 0.2)];
    let table = Models::default().with("a", &figures).table();
    assert!(table.calibrations[0].others.is_empty());
}
