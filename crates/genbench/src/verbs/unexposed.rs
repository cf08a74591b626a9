//! Bad models that the measures of a grid cannot expose.

use std::collections::BTreeSet;

use engine::measure::BadModel;
use protocol::Plan;

use crate::registry::Registry;

/// Number of measures that a warning recommends.
const RECOMMENDED: usize = 3;

/// A warning for each bad model that no measure of the plan exposes. It recommends measures that do.
pub(super) fn unexposed(plan: &Plan, registry: &Registry) -> Vec<String> {
    let specs = plan.trials.iter().flat_map(|trial| trial.measure.iter());
    let exposed: BTreeSet<BadModel> = specs
        .filter_map(|spec| Some((registry.measures.find(&spec.name).ok()?.exposes)(&spec.config)))
        .flatten()
        .copied()
        .collect();
    let warning = |bad: &BadModel| {
        let would = registry.measures.iter().filter(|entry| (entry.exposes)(&(entry.defaults)()).contains(bad));
        let names: Vec<String> = would.take(RECOMMENDED).map(|entry| format!("`{}`", entry.name)).collect();
        let help = match names.as_slice() {
            [] => String::new(),
            [one] => format!("; add {one}"),
            [most @ .., last] => format!("; add {} or {last}", most.join(", ")),
        };
        format!("warning: no measure of this grid exposes {}{help}", bad.about())
    };
    if plan.trials.is_empty() {
        return Vec::new();
    }
    BadModel::ALL.iter().filter(|bad| !exposed.contains(bad)).map(warning).collect()
}

#[cfg(test)]
mod tests {
    use protocol::{MeasureSpec, fixtures};

    use super::*;

    fn warnings(measures: &[&str]) -> Vec<String> {
        let registry = Registry::built_in();
        let spec = |name: &&str| -> MeasureSpec {
            let entry = registry.measures.find(name).expect("registered");
            entry.spec((entry.defaults)())
        };
        let mut trial = fixtures::trial("v", 0);
        trial.measure = measures.iter().map(spec).collect::<Vec<_>>().into();
        unexposed(&Plan::new("g", vec![trial]), &registry)
    }

    #[test]
    fn the_recommended_measures_end_the_warning() {
        assert!(warnings(&["nll"]).is_empty());
        assert_eq!(
            warnings(&["fid_proxy", "parameters"]),
            ["warning: no measure of this grid exposes a model that draws training images; add `nll` or `copies`"]
        );
        assert!(warnings(&["fid_proxy", "copies"]).is_empty());
        assert_eq!(warnings(&["parameters"]).len(), BadModel::ALL.len());
        assert!(unexposed(&Plan::new("g", Vec::new()), &Registry::built_in()).is_empty(), "a grid of facts");
    }
}
