//! Rendering and writing of the report.

use std::borrow::Cow;
use std::io;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value};
use protocol::atomic;
use protocol::text::escape;

use super::context::{Report, ReportContext};
use super::markdown::markdown;
use super::view::View;
use crate::results::Results;

/// Templates of the page; values in those that end in `.html` are escaped.
const TEMPLATES: &[(&str, &str)] = &[
    ("report.html", include_str!("templates/report.html")),
    ("side_by_side.html", include_str!("templates/side_by_side.html")),
    ("claims.html", include_str!("templates/claims.html")),
    ("comparisons.html", include_str!("templates/comparisons.html")),
    ("costs.html", include_str!("templates/costs.html")),
    ("reading.html", include_str!("templates/reading.html")),
    ("section.html", include_str!("templates/section.html")),
    ("origins.html", include_str!("templates/origins.html")),
    ("style.css", include_str!("templates/style.css")),
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

/// Escapes every text of a template with one function; what is marked `safe` and numbers are written as they are.
pub(crate) fn escape_with(templates: &mut Environment<'_>, escape: fn(&str) -> Cow<'_, str>) {
    templates.set_formatter(move |out, _, value| match value.as_str() {
        Some(text) if !value.is_safe() => Ok(out.write_str(&escape(text))?),
        _ if value.is_undefined() => Err(minijinja::ErrorKind::UndefinedError.into()),
        _ => Ok(write!(out, "{value}")?),
    });
}

fn render(view: &View) -> Result<String, minijinja::Error> {
    let mut templates = Environment::new();
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    escape_with(&mut templates, escape::html);
    templates.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    for (name, text) in TEMPLATES {
        templates.add_template(name, text)?;
    }
    templates.get_template("report.html")?.render(Value::from(Serde(view)))
}
