//! Log-likelihoods that records of earlier versions do not declare.

use protocol::{Likelihood, Measurement, Unit};

/// Adds the declarations that records of earlier versions do not state. Only figures of the measures of that time have
/// one: `nll`, `elbo`, `iwae`, `ais` from version 2 (with a likelihood of its own or a named observation model) and
/// `posterior_gap`.
pub(crate) fn add_unstated_likelihoods(figures: &mut [Measurement]) {
    for figure in figures.iter_mut().filter(|figure| figure.likelihood.is_none()) {
        if figure.unit == Unit::Nats && figure.value.is_some() && figure.control.is_none() {
            figure.likelihood = unstated(figure);
        }
    }
}

fn unstated(figure: &Measurement) -> Option<Likelihood> {
    let (measure, name) = (figure.measure.as_str(), figure.name.as_str());
    let draws = |name: &str| name.strip_prefix("iwae_").is_some_and(|k| k.bytes().all(|byte| byte.is_ascii_digit()));
    match (measure, name) {
        ("nll", "nll") | ("elbo", "elbo") => Some(Likelihood::value(name)),
        ("iwae", name) if draws(name) => Some(Likelihood::value(name)),
        ("ais", "ais" | "ais_observed") if figure.version >= 2 => Some(Likelihood::value("ais")),
        ("ais", name) if figure.version >= 2 => {
            let of = name.strip_suffix("_simulated_gap").filter(|of| ["ais", "ais_observed"].contains(of));
            of.map(Likelihood::gap)
        }
        ("posterior_gap", "log_p_quadrature") => Some(Likelihood::value("quadrature")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use protocol::{Direction, Kind};

    use super::*;

    #[test]
    fn figures_of_earlier_records_are_declared_and_others_are_not() {
        let role = |measure: &str, name: &str, version: u32, unit: Unit| {
            let figure = Measurement::new(name, Kind::LowerBound, unit, Direction::Higher, 1.0);
            let mut figures = [Measurement { measure: measure.into(), version, ..figure }];
            add_unstated_likelihoods(&mut figures);
            figures[0].likelihood.clone()
        };
        let nats = |measure: &str, name: &str| role(measure, name, 2, Unit::Nats);
        assert_eq!(nats("nll", "nll"), Some(Likelihood::value("nll")));
        assert_eq!(nats("iwae", "iwae_500"), Some(Likelihood::value("iwae_500")));
        assert_eq!(nats("ais", "ais_observed"), Some(Likelihood::value("ais")));
        assert_eq!(nats("ais", "ais_observed_simulated_gap"), Some(Likelihood::gap("ais_observed")));
        assert_eq!(nats("posterior_gap", "log_p_quadrature"), Some(Likelihood::value("quadrature")));
        let others = [("nll", "bits_per_dim"), ("elbo", "elbo_kl"), ("iwae", "iwae_50_chance"), ("parzen", "parzen")];
        assert!(others.iter().all(|(measure, name)| nats(measure, name).is_none()));
        assert_eq!(nats("ais", "ais_simulated"), None);
        assert_eq!((role("ais", "ais", 1, Unit::Nats), role("nll", "nll", 1, Unit::One)), (None, None));
    }
}
