//! Line plot as SVG for embedding in HTML; the page's classes `.s0` to `.s7` give the colours.

use std::fmt::Write;

use protocol::text::escape::html;

use super::ticks::{tick_label, ticks};

/// Lines of a variant in a plot.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Series {
    /// Index of one of the page's eight colours.
    pub(super) color: usize,
    /// Letter at the end of the line; the legend explains it.
    pub(super) letter: String,
    /// `true` if the line is dashed: dashed for training, solid for validation.
    pub(super) dashed: bool,
    /// Points of each seed, drawn as thin lines. A point that is not finite interrupts the line and is marked.
    pub(super) seeds: Vec<Vec<(f64, f64)>>,
    /// Mean over seeds.
    pub(super) mean: Vec<(f64, f64)>,
}

/// A plot.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Plot {
    pub(super) title: String,
    /// Description of the picture for screen readers.
    pub(super) alt: String,
    pub(super) series: Vec<Series>,
}

/// Height of a letter.
const LETTER: f64 = 11.0;
const WIDTH: f64 = 420.0;
const HEIGHT: f64 = 250.0;
const LEFT: f64 = 56.0;
const RIGHT: f64 = 24.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 38.0;

impl Series {
    /// Last point of the mean, or of a seed that is longer.
    fn end(&self) -> Option<(f64, f64)> {
        let finite = |point: &&(f64, f64)| point.1.is_finite();
        let seed_ends = self.seeds.iter().filter_map(|seed| seed.iter().rfind(finite));
        self.mean.iter().chain(seed_ends).copied().reduce(|last, end| if end.0 > last.0 { end } else { last })
    }
}

impl Plot {
    /// Returns whether the vertical axis omits points that are far from all others.
    pub(super) fn clipped(&self) -> bool {
        self.y_range().2
    }

    /// Draws the plot; `id` must be unique on the page.
    pub(super) fn svg(&self, id: &str) -> String {
        let mut svg = String::new();
        // Writing to a string cannot fail.
        let _ = self.write(&mut svg, id);
        svg
    }

    fn points(&self) -> impl Iterator<Item = (f64, f64)> {
        self.series.iter().flat_map(|series| series.seeds.iter().flatten().chain(&series.mean)).copied()
    }

    fn write(&self, out: &mut String, id: &str) -> std::fmt::Result {
        let x_high = self.points().map(|(x, _)| x).fold(1.0, f64::max);
        let (y_low, y_high, _) = self.y_range();
        let x = |value: f64| LEFT + value / x_high * (WIDTH - LEFT - RIGHT);
        let y = |value: f64| HEIGHT - BOTTOM - (value - y_low) / (y_high - y_low) * (HEIGHT - TOP - BOTTOM);
        let title = html(&self.title);
        writeln!(out, r#"<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{}">"#, html(&self.alt))?;
        writeln!(out, r#"<title>{}</title><text class="t" x="{LEFT}" y="16">{title}</text>"#, html(&self.alt))?;
        let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
        let y_ticks = ticks(y_low, y_high, 5);
        for tick in &y_ticks {
            let (at, label) = (y(*tick), tick_label(*tick, &y_ticks));
            writeln!(out, r#"<line class="g" x1="{LEFT}" x2="{right}" y1="{at:.1}" y2="{at:.1}"/>"#)?;
            writeln!(
                out,
                r#"<text class="k" x="{:.1}" y="{:.1}" text-anchor="end">{label}</text>"#,
                LEFT - 5.0,
                at + 3.5
            )?;
        }
        let x_ticks = ticks(0.0, x_high, 4);
        for tick in &x_ticks {
            let (at, label) = (x(*tick), tick_label(*tick, &x_ticks));
            writeln!(
                out,
                r#"<text class="k" x="{at:.1}" y="{:.1}" text-anchor="middle">{label}</text>"#,
                bottom + 14.0
            )?;
        }
        writeln!(out, r#"<line class="a" x1="{LEFT}" x2="{right}" y1="{bottom}" y2="{bottom}"/>"#)?;
        writeln!(out, r#"<text class="k" x="{right}" y="{:.1}" text-anchor="end">step</text>"#, HEIGHT - 8.0)?;
        writeln!(
            out,
            r#"<clipPath id="{id}"><rect x="{LEFT}" y="{TOP}" width="{}" height="{}"/></clipPath>"#,
            right - LEFT,
            bottom - TOP
        )?;
        writeln!(out, r#"<g clip-path="url(#{id})">"#)?;
        for series in &self.series {
            let class = format!("s{}{}", series.color, if series.dashed { " d" } else { "" });
            for seed in &series.seeds {
                path(out, &format!("{class} thin"), seed, &x, &y)?;
                cross(out, series.color, seed, &x, &y)?;
            }
            path(out, &class, &series.mean, &x, &y)?;
        }
        writeln!(out, "</g>")?;
        self.letters(out, &x, &y)?;
        writeln!(out, "</svg>")
    }

    /// Draws letters at the ends of the lines, moved apart if they would overlap.
    fn letters(&self, out: &mut String, x: &impl Fn(f64) -> f64, y: &impl Fn(f64) -> f64) -> std::fmt::Result {
        let named = self.series.iter().filter(|series| !series.letter.is_empty());
        let mut ends: Vec<_> = named.filter_map(|series| Some((series, series.end()?))).collect();
        ends.sort_by(|a, b| b.1.1.total_cmp(&a.1.1));
        let mut heights: Vec<f64> = ends.iter().map(|(_, (_, value))| y(*value).clamp(TOP, HEIGHT - BOTTOM)).collect();
        let mut above = TOP - LETTER;
        for height in &mut heights {
            *height = height.max(above + LETTER);
            above = *height;
        }
        let mut below = HEIGHT - BOTTOM + LETTER;
        for height in heights.iter_mut().rev() {
            *height = height.min(below - LETTER);
            below = *height;
        }
        for ((series, (at, _)), height) in ends.iter().zip(heights) {
            let (left, color, letter) = (x(*at) + 4.0, series.color, html(&series.letter));
            writeln!(out, r#"<text class="l f{color}" x="{left:.1}" y="{:.1}">{letter}</text>"#, height + 3.5)?;
        }
        Ok(())
    }

    /// Vertical range, and whether it omits distant points.
    fn y_range(&self) -> (f64, f64, bool) {
        let mut values: Vec<f64> = self.points().map(|(_, y)| y).filter(|y| y.is_finite()).collect();
        values.sort_by(f64::total_cmp);
        let (Some(&low), Some(&high)) = (values.first(), values.last()) else { return (0.0, 1.0, false) };
        let at = |part: f64| values[((values.len() - 1) as f64 * part) as usize];
        let (near_low, near_high) = (at(0.02), at(0.95));
        let clipped = high - low > 8.0 * (near_high - near_low) && near_high > near_low;
        let (low, high) = if clipped { (near_low, near_high) } else { (low, high) };
        let pad = if high > low { 0.05 * (high - low) } else { 0.5_f64.max(low.abs() * 0.05) };
        (low - pad, high + pad, clipped)
    }
}

fn path(
    out: &mut String,
    class: &str,
    points: &[(f64, f64)],
    x: &impl Fn(f64) -> f64,
    y: &impl Fn(f64) -> f64,
) -> std::fmt::Result {
    let mut data = String::new();
    let mut pen_down = false;
    for &(at, value) in points {
        if value.is_finite() {
            // Outside the clipping rectangle the exact position does not matter.
            write!(data, "{}{:.1} {:.1}", if pen_down { 'L' } else { 'M' }, x(at), y(value).clamp(-1e4, 1e4))?;
        }
        pen_down = value.is_finite();
    }
    if data.is_empty() { Ok(()) } else { writeln!(out, r#"<path class="{class}" d="{data}"/>"#) }
}

/// Draws a cross at the last finite point before a value that is not finite.
fn cross(
    out: &mut String,
    color: usize,
    points: &[(f64, f64)],
    x: &impl Fn(f64) -> f64,
    y: &impl Fn(f64) -> f64,
) -> std::fmt::Result {
    for pair in points.windows(2).filter(|pair| pair[0].1.is_finite() && !pair[1].1.is_finite()) {
        let (at, height) = (x(pair[0].0), y(pair[0].1).clamp(-1e4, 1e4));
        writeln!(out, r#"<path class="s{color}" d="M{:.1} {:.1}l8 8m0 -8l-8 8"/>"#, at - 4.0, height - 4.0)?;
    }
    Ok(())
}
