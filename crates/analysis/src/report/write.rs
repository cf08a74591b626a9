//! Rendering and writing of the report.

use std::borrow::Cow;
use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value, context};
use protocol::atomic;
use protocol::text::escape;
use sha2::{Digest, Sha256};

use super::context::{Report, ReportContext, WatchedReport};
use super::markdown::markdown;
use super::view::View;
use crate::results::Results;

/// Templates of the page; values in those that end in `.html` are escaped.
const TEMPLATES: &[(&str, &str)] = &[
    ("report.html", include_str!("templates/report.html")),
    ("macros.html", include_str!("templates/macros.html")),
    ("likelihoods.html", include_str!("templates/likelihoods.html")),
    ("markers.html", include_str!("templates/markers.html")),
    ("answer.html", include_str!("templates/answer.html")),
    ("overview.html", include_str!("templates/overview.html")),
    ("compare.html", include_str!("templates/compare.html")),
    ("compare_pair.html", include_str!("templates/compare_pair.html")),
    ("calibration.html", include_str!("templates/calibration.html")),
    ("claims.html", include_str!("templates/claims.html")),
    ("comparisons.html", include_str!("templates/comparisons.html")),
    ("costs.html", include_str!("templates/costs.html")),
    ("curves.html", include_str!("templates/curves.html")),
    ("failures.html", include_str!("templates/failures.html")),
    ("intervals.html", include_str!("templates/intervals.html")),
    ("matrices.html", include_str!("templates/matrices.html")),
    ("origins.html", include_str!("templates/origins.html")),
    ("parallel.html", include_str!("templates/parallel.html")),
    ("reading.html", include_str!("templates/reading.html")),
    ("samples.html", include_str!("templates/samples.html")),
    ("section.html", include_str!("templates/section.html")),
    ("side_by_side.html", include_str!("templates/side_by_side.html")),
    ("slices.html", include_str!("templates/slices.html")),
    ("tables.html", include_str!("templates/tables.html")),
    ("timeline.html", include_str!("templates/timeline.html")),
    ("tradeoffs.html", include_str!("templates/tradeoffs.html")),
    ("trend.html", include_str!("templates/trend.html")),
    ("trend_figure.html", include_str!("templates/trend_figure.html")),
    ("trials.html", include_str!("templates/trials.html")),
    ("style.css", include_str!("templates/style.css")),
    ("plots.css", include_str!("templates/plots.css")),
    ("print.css", include_str!("templates/print.css")),
    ("script.js", include_str!("templates/script.js")),
    ("curves.js", include_str!("templates/curves.js")),
];

/// Writes `report.html` and `summary.md` into the grid's folder, each atomically.
///
/// # Errors
/// Any error of the file system. A trace that cannot be read is listed in the report instead.
pub fn report(results: &Results, context: &ReportContext) -> io::Result<Report> {
    let view = View::of(results, context)?;
    let page = render(&view).map_err(io::Error::other)?;
    let written = Report { html: results.out("report.html"), markdown: results.out("summary.md"), costs: view.spent };
    atomic::write(&written.html, page.as_bytes())?;
    let text = markdown(results.summary(), results.comparisons(), results.claims());
    atomic::write(&written.markdown, text.as_bytes())?;
    Ok(written)
}

/// Writes `report.html` alone, for a grid that another process may run: no other file changes.
///
/// # Errors
/// As for [`report`].
pub fn watched_report(results: &Results, context: &ReportContext) -> io::Result<WatchedReport> {
    let view = View::of(results, context)?;
    let html = results.out("report.html");
    atomic::write(&html, render(&view).map_err(io::Error::other)?.as_bytes())?;
    Ok(WatchedReport { html, trials: view.counts })
}

/// Escapes every text of a template with one function; what is marked `safe` and numbers are written as they are.
pub(crate) fn escape_with(templates: &mut Environment<'_>, escape: fn(&str) -> Cow<'_, str>) {
    templates.set_formatter(move |out, _, value| match value.as_str() {
        Some(text) if !value.is_safe() => Ok(out.write_str(&escape(text))?),
        _ if value.is_undefined() => Err(minijinja::ErrorKind::UndefinedError.into()),
        _ => Ok(write!(out, "{value}")?),
    });
}

/// HTML of a name that may break after `_`, `=` and `/`.
fn breaks(name: &str) -> Value {
    let mut out = String::new();
    for part in name.split_inclusive(['_', '=', '/']) {
        out += &escape::html(part);
        out += if part.ends_with(['_', '=', '/']) { "<wbr>" } else { "" };
    }
    Value::from_safe_string(out)
}

fn render(view: &View) -> Result<String, minijinja::Error> {
    page("report.html", Value::from(Serde(view)))
}

/// Renders a page that allows its own script alone, and no request.
pub(crate) fn page(template: &str, view: Value) -> Result<String, minijinja::Error> {
    let mut templates = Environment::new();
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    escape_with(&mut templates, escape::html);
    templates.add_filter("breaks", breaks);
    templates.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    for (name, text) in TEMPLATES {
        templates.add_template(name, text)?;
    }
    let script = templates.get_template("script.js")?.render(())?;
    let script_hash = format!("sha256-{}", STANDARD.encode(Sha256::digest(script.as_bytes())));
    templates.get_template(template)?.render(context! { script_hash, ..view })
}
