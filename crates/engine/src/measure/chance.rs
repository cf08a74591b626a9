//! Chance as a control: the density of the uniform distribution, for densities and bounds.

use protocol::{Control, ControlKind, Direction, Kind, Measurement, Support, Unit};

use super::Subject;

/// The control `<of>_chance`: a guess, or the uniform distribution.
pub(super) fn chance(of: impl Into<String>) -> Control {
    Control::new(of, ControlKind::Chance, "chance")
}

/// Log-density of every image under the uniform distribution over the support, in nats; `None` over the real numbers,
/// which have none.
pub(super) fn uniform_log_density(support: Support, pixels: usize) -> Option<f64> {
    match support {
        Support::Binary => Some(-(pixels as f64) * 2f64.ln()),
        Support::Levels(levels) => Some(-(pixels as f64) * f64::from(levels).ln()),
        Support::Continuous => Some(0.0),
        Support::Real => None,
    }
}

/// Figure of the control of `of`: its value under the uniform distribution, where `factor` converts a log-density in nats.
pub(super) fn chance_figure(of: &Measurement, subject: &Subject<'_>, factor: f64) -> Measurement {
    let name = chance(of.name.as_str()).name();
    let figure = |value| Measurement::new(name.clone(), Kind::Exact, of.unit, Direction::Neither, value);
    let support = of.support.filter(|_| of.value.is_some());
    match support.map(|support| (support, uniform_log_density(support, subject.data.shape.pixels()))) {
        Some((support, Some(nats))) => figure(nats * factor).on(support),
        Some((_, None)) => absent(&name, of.unit, "the real numbers have no uniform distribution"),
        None => absent(&name, of.unit, "the figure has no value"),
    }
}

fn absent(name: &str, unit: Unit, reason: &str) -> Measurement {
    Measurement::absent(name, Kind::Exact, unit, Direction::Neither, reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_uniform_distribution_over_all_images_sums_to_one() {
        for (support, images) in [(Support::Binary, 8.0_f64), (Support::Levels(5), 125.0)] {
            let nats = uniform_log_density(support, 3).unwrap();
            assert!((images * nats.exp() - 1.0).abs() < 1e-12, "{support}");
        }
        assert_eq!(uniform_log_density(Support::Continuous, 3), Some(0.0));
        assert_eq!(uniform_log_density(Support::Real, 3), None);
    }
}
