//! Choice of the figures that gate.

use protocol::{Direction, Kind, Unit, is_rate};

use crate::summary::{Figure, FigureSummary};

/// Name of the log-likelihood per dimension, which is `nll` in another unit.
const BITS: &str = "bits_per_dim";

/// Returns whether a figure repeats another one of the same trial in another unit.
pub(super) fn is_repeated_in_nats(figure: &Figure, all: &[FigureSummary]) -> bool {
    figure.name == BITS && all.iter().any(|one| one.figure.name == "nll" && one.figure.control.is_none())
}

/// Returns for each figure of a variant whether it gates.
///
/// With names, those are the figures that gate. Without, it is one figure per variant: the exact log-likelihood, else a bound
/// or an estimate of it, else the first score of samples. One figure keeps the family of tests small.
pub(super) fn gating(figures: &[&Figure], named: &[String]) -> Vec<bool> {
    let is_named = |figure: &&Figure| named.contains(&figure.name);
    if figures.iter().any(is_named) {
        return figures.iter().map(is_named).collect();
    }
    let log_likelihood = |figure: &Figure| figure.unit == Unit::Nats && figure.support.is_some();
    let rank = |figure: &Figure| match figure.kind {
        _ if figure.direction == Direction::Neither || figure.volatile || is_rate(&figure.name) => None,
        Kind::Exact if log_likelihood(figure) => Some(0),
        Kind::LowerBound | Kind::UpperBound if log_likelihood(figure) => Some(1),
        Kind::Estimate if log_likelihood(figure) => Some(2),
        _ if figure.name == BITS => Some(3),
        _ if figure.support.is_some() => Some(4),
        _ => Some(5),
    };
    let first = figures.iter().enumerate().filter_map(|(at, figure)| Some((rank(figure)?, at))).min();
    (0..figures.len()).map(|at| first.is_some_and(|(_, chosen)| chosen == at)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{Measurement, Support};

    fn figure(name: &str, unit: Unit, kind: Kind, support: Option<Support>) -> Figure {
        Figure::of(&Measurement { support, ..Measurement::new(name, kind, unit, Direction::Lower, 1.0) })
    }

    fn chosen(figures: &[Figure], named: &[&str]) -> Vec<String> {
        let all: Vec<&Figure> = figures.iter().collect();
        let named: Vec<String> = named.iter().map(|name| (*name).to_owned()).collect();
        let gating = gating(&all, &named);
        all.iter().zip(gating).filter(|(_, gates)| *gates).map(|(figure, _)| figure.name.clone()).collect()
    }

    #[test]
    fn the_log_likelihood_gates_else_the_first_score_of_samples() {
        let binary = Some(Support::Binary);
        let fid = figure("fid_proxy", Unit::One, Kind::Estimate, binary);
        let elbo = figure("elbo", Unit::Nats, Kind::LowerBound, binary);
        let nll = figure("nll", Unit::Nats, Kind::Exact, binary);
        let probe = figure("linear_probe", Unit::One, Kind::Estimate, None);
        let rate = figure("collapsed", Unit::One, Kind::Exact, None);
        let all = [rate.clone(), probe.clone(), fid.clone(), elbo.clone(), nll];
        assert_eq!(chosen(&all, &[]), ["nll"]);
        assert_eq!(chosen(&all[..4], &[]), ["elbo"]);
        assert_eq!(chosen(&all[..3], &[]), ["fid_proxy"]);
        assert_eq!(chosen(&all[..2], &[]), ["linear_probe"]);
        assert_eq!(chosen(&[rate], &[]), Vec::<String>::new());
    }

    #[test]
    fn names_of_the_grid_replace_the_choice_where_a_variant_has_them() {
        let nll = figure("nll", Unit::Nats, Kind::Exact, Some(Support::Binary));
        let fid = |settings: &str| Figure {
            settings: settings.to_owned(),
            ..figure("fid_proxy", Unit::One, Kind::Estimate, Some(Support::Binary))
        };
        let all = [nll.clone(), fid("a"), fid("b")];
        assert_eq!(chosen(&all, &["fid_proxy"]), ["fid_proxy", "fid_proxy"], "in both feature spaces");
        assert_eq!(chosen(&[nll], &["fid_proxy"]), ["nll"]);
    }
}
