//! Check of figures and controls against the measures of a variant.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use protocol::params::nearest;
use protocol::{Control, FigureName, MeasureSpec};
use serde_json::Value;

use super::Mistake;
use crate::catalog::{Catalog, Resolved};
use crate::grid::LeafSpans;

/// A measure with the names of its figures.
struct Measured {
    spec: MeasureSpec,
    figures: Vec<String>,
    controls: Vec<Control>,
}

/// Figures of lists of measures, each list looked up once.
pub(super) struct Figures<'a> {
    catalog: &'a dyn Catalog,
    known: RefCell<HashMap<*const Vec<MeasureSpec>, Rc<Vec<Measured>>>>,
}

impl<'a> Figures<'a> {
    pub(super) fn of(catalog: &'a dyn Catalog) -> Self {
        Self { catalog, known: RefCell::default() }
    }

    fn measured(&self, resolved: &Resolved) -> Rc<Vec<Measured>> {
        let of = |spec: &MeasureSpec| Measured {
            figures: self.catalog.figures(spec),
            controls: self.catalog.controls(spec),
            spec: spec.clone(),
        };
        // Variants share equal lists.
        let key = Arc::as_ptr(&resolved.measure);
        let mut known = self.known.borrow_mut();
        Rc::clone(known.entry(key).or_insert_with(|| Rc::new(resolved.measure.iter().map(of).collect())))
    }

    /// Checks that exactly one measure of a variant has the figure, and the figure the control.
    pub(super) fn check(
        &self,
        resolved: &Resolved,
        name: &FigureName,
        control: Option<&str>,
        spans: &LeafSpans,
    ) -> Result<(), Mistake> {
        let measured = self.measured(resolved);
        // A measure whose figures are unknown may have any figure.
        if measured.iter().any(|one| one.figures.is_empty()) {
            return Ok(());
        }
        let figure = name.figure.as_str();
        let with = with_figure(&measured, figure);
        if with.is_empty() {
            let all = names(&measured.iter().collect::<Vec<_>>());
            let help = match nearest(figure, all.split(", ")) {
                Some(near) => format!("did you mean `{near}`? Figures: {all}"),
                None if all.is_empty() => "the variant has no measures; add some to `measure`".to_owned(),
                None => format!("figures: {all}"),
            };
            let message = format!("no measure of `{}` has the figure `{figure}`", name.variant);
            return Err(Mistake::located(spans.part, message, help));
        }
        let with = with_settings(&with, &name.settings, spans)?;
        if let [_, _, ..] = with.as_slice() {
            let help = match distinction(&with).as_str() {
                "[]" => {
                    let figures = names(&with);
                    format!("name the figure of one of them; figures: {figures}")
                }
                settings => format!("add settings that only one of them has, such as `{figure}{settings}`"),
            };
            return Err(Mistake::located(spans.part, format!("several measures have the figure `{figure}`"), help));
        }
        let controls: Vec<&str> = with
            .iter()
            .flat_map(|one| &one.controls)
            .filter(|control| control.of == figure)
            .map(|control| control.label.as_str())
            .collect();
        match control {
            Some(label) if !controls.contains(&label) => {
                let near = nearest(label, controls.iter().copied());
                let near = near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
                let help = match controls.is_empty() {
                    true => format!("`{figure}` has no controls; compare it with a number or another figure"),
                    false => format!("{near}Controls: {}", controls.join(", ")),
                };
                Err(Mistake::located(spans.control, format!("`{label}` is no control of `{figure}`"), help))
            }
            _ => Ok(()),
        }
    }
}

/// The measures that have a figure. A measure may have further figures of parts that depend on the data, such as
/// `mig_scale` beside `mig`, unless another one has a figure of exactly this name: `nll_green` is no part of `nll`.
fn with_figure<'m>(measured: &'m [Measured], figure: &str) -> Vec<&'m Measured> {
    let is_part = |known: &String| figure.strip_prefix(known.as_str()).is_some_and(|rest| rest.starts_with('_'));
    let with = |has: &dyn Fn(&String) -> bool| -> Vec<&Measured> {
        measured.iter().filter(|one| one.figures.iter().any(has)).collect()
    };
    let named = with(&|known| known == figure);
    if named.is_empty() { with(&is_part) } else { named }
}

/// The measures that have the settings.
fn with_settings<'m>(
    all: &[&'m Measured],
    settings: &BTreeMap<String, Value>,
    spans: &LeafSpans,
) -> Result<Vec<&'m Measured>, Mistake> {
    for key in settings.keys() {
        let mut keys: Vec<&str> = all
            .iter()
            .filter_map(|one| one.spec.config.as_object())
            .flat_map(|map| map.keys().map(String::as_str))
            .collect();
        keys.sort_unstable();
        keys.dedup();
        if !keys.contains(&key.as_str()) {
            let near = nearest(key, keys.iter().copied()).map(|near| format!("did you mean `{near}`? "));
            let help = match keys.is_empty() {
                true => "the measure has no settings".to_owned(),
                false => format!("{}Settings: {}", near.unwrap_or_default(), keys.join(", ")),
            };
            return Err(Mistake::located(spans.settings, format!("the measure has no setting `{key}`"), help));
        }
    }
    let found: Vec<&Measured> =
        all.iter().copied().filter(|one| protocol::claim::has_settings(&one.spec.config, settings)).collect();
    if found.is_empty() {
        let help = format!("the variant has `{}`", distinction(all));
        return Err(Mistake::located(spans.settings, "no measure of the variant has these settings", help));
    }
    Ok(found)
}

/// Names of all figures of measures.
fn names(measures: &[&Measured]) -> String {
    let mut all: Vec<&str> = measures.iter().flat_map(|one| one.figures.iter().map(String::as_str)).collect();
    all.sort_unstable();
    all.dedup();
    all.join(", ")
}

/// Settings of the first measure in which it differs from the others, or all of its settings.
fn distinction(all: &[&Measured]) -> String {
    let Some((first, others)) = all.split_first() else { return String::new() };
    let differs = |key: &str, value: &Value| others.iter().any(|other| other.spec.config.get(key) != Some(value));
    let settings = first.spec.config.as_object().into_iter().flatten();
    let shown: Vec<String> = settings
        .filter(|(key, value)| !value.is_object() && !value.is_array() && (others.is_empty() || differs(key, value)))
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    format!("[{}]", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_name_comes_before_a_part() {
        let measured = ["nll", "colours", "mig"].map(|name| Measured {
            spec: MeasureSpec::new(name, 1, Value::Null),
            figures: if name == "colours" { vec!["nll_green".into()] } else { vec![name.into()] },
            controls: Vec::new(),
        });
        let found =
            |figure: &str| with_figure(&measured, figure).iter().map(|one| one.spec.name.clone()).collect::<Vec<_>>();
        assert_eq!(found("nll"), ["nll"]);
        assert_eq!(found("nll_green"), ["colours"]);
        assert_eq!(found("mig_scale"), ["mig"]);
        assert_eq!(found("migs"), [""; 0]);
    }
}
