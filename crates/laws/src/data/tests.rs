use super::*;
use crate::cells::Cells;

fn exact() -> [Dataset; 5] {
    [binary(), levels(), real(), even_binary(), even_levels()]
}

#[test]
fn exact_densities_sum_to_one_and_their_entropy_is_the_mean_of_the_images() {
    for data in exact() {
        let (truth, cells) = (data.truth.expect("exact"), Cells::of(&data.shape).expect("few"));
        let total: f64 = cells.images().images().map(|image| truth.log_density(image).exp()).sum();
        assert!((total * cells.volume() - 1.0).abs() < 1e-8, "{:?}: {total}", data.shape);
        let nats: Vec<f64> = data.test.images().map(|image| -truth.log_density(image)).collect();
        let (mean, se) = engine::progress::mean_se(&nats);
        let entropy = truth.entropy().nats;
        assert!((mean - entropy).abs() < 4.0 * se.expect("many"), "{:?}: {mean} {entropy}", data.shape);
    }
}

#[test]
fn an_image_outside_the_support_has_no_probability() {
    let truth = binary().truth.expect("exact");
    assert_eq!(truth.log_density(&[0.5, 0.0, 1.0, 1.0, 0.0, 0.0]), f64::NEG_INFINITY);
}

#[test]
fn bare_images_come_first_and_larger_ones_last() {
    let names =
        |takes: fn(&DataShape) -> bool| -> Vec<&str> { supported(takes).iter().map(|(name, _)| *name).collect() };
    assert_eq!(names(|shape| shape.support != Support::Continuous), ["binary", "levels", "real"]);
    assert_eq!(names(|shape| shape.captions.is_some()), ["described"]);
    assert_eq!(names(|shape| shape.support == Support::Binary && shape.width == 4), ["even binary"]);
    assert_eq!(names(|shape| shape.height == 8), ["grey picture", "RGB picture"]);
    assert!(names(|_| false).is_empty());
}
