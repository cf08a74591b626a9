//! `audit.svg`: rank correlations as a dot plot, with a row for each score and a dot for each number of images.

use std::fmt::Write;

use protocol::text::count;
use protocol::text::escape::xml;

use crate::audit::{Agreement, TRUSTED};

const LEFT: f64 = 250.0;
const ROW: f64 = 22.0;
const TOP: f64 = 56.0;
const WIDTH: f64 = 760.0;
const RIGHT: f64 = 20.0;
/// Colours of the dots, from the lowest number of images to the highest.
const COLOURS: [&str; 5] = ["#9ecae1", "#4292c6", "#08519c", "#54278f", "#000000"];

/// A stand-alone SVG file.
pub(super) fn svg(agreements: &[Agreement]) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write(&mut out, agreements);
    out
}

fn write(out: &mut String, agreements: &[Agreement]) -> std::fmt::Result {
    let mut rows: Vec<&str> = agreements.iter().map(|one| one.score.as_str()).collect();
    rows.dedup();
    let mut sizes: Vec<usize> = agreements.iter().map(|one| one.images).collect();
    sizes.sort_unstable();
    sizes.dedup();
    let lowest = agreements.iter().filter_map(|one| one.all).map(|rho| rho.lowest).fold(0.0, f64::min);
    let low = if lowest < 0.0 { -1.0 } else { 0.0 };
    let x = |rho: f64| LEFT + (rho - low) / (1.0 - low) * (WIDTH - LEFT - RIGHT);
    let bottom = TOP + ROW * rows.len() as f64;
    let height = bottom + 40.0;
    writeln!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="12" role="img" aria-label="Rank correlation of each score with the true divergence">"#
    )?;
    writeln!(out, r#"<rect width="{WIDTH}" height="{height}" fill="white"/>"#)?;
    writeln!(
        out,
        r#"<text x="10" y="18" font-size="14">Spearman's correlation of each score with the Jensen-Shannon divergence</text>"#
    )?;
    for (index, size) in sizes.iter().enumerate() {
        let at = 16.0 + 110.0 * index as f64;
        writeln!(out, r#"<circle cx="{at}" cy="36" r="4.5" fill="{}"/>"#, colour(index))?;
        writeln!(out, r#"<text x="{}" y="40">{}</text>"#, at + 9.0, count(*size, "image"))?;
    }
    writeln!(
        out,
        r##"<rect x="{:.1}" y="{TOP}" width="{:.1}" height="{:.1}" fill="#e8f5e9"/>"##,
        x(TRUSTED),
        x(1.0) - x(TRUSTED),
        bottom - TOP
    )?;
    for tick in [-1.0, -0.5, 0.0, 0.5, TRUSTED, 1.0].into_iter().filter(|tick| *tick >= low) {
        let at = x(tick);
        writeln!(out, r##"<line x1="{at:.1}" x2="{at:.1}" y1="{TOP}" y2="{bottom:.1}" stroke="#ccc"/>"##)?;
        writeln!(out, r#"<text x="{at:.1}" y="{:.1}" text-anchor="middle">{tick}</text>"#, bottom + 16.0)?;
    }
    writeln!(out, r#"<text x="{LEFT}" y="{:.1}">lines: lowest to highest of any seed</text>"#, bottom + 34.0)?;
    for (row, score) in rows.iter().enumerate() {
        let middle = TOP + ROW * (row as f64 + 0.5);
        writeln!(
            out,
            r#"<text x="{:.1}" y="{:.1}" text-anchor="end">{}</text>"#,
            LEFT - 10.0,
            middle + 4.0,
            xml(score)
        )?;
        for one in agreements.iter().filter(|one| one.score == *score) {
            let (Some(rho), Some(index)) = (one.all, sizes.iter().position(|size| *size == one.images)) else {
                continue;
            };
            let y = middle + 5.0 * (index as f64 - (sizes.len() as f64 - 1.0) / 2.0);
            let fill = colour(index);
            writeln!(
                out,
                r#"<line x1="{:.1}" x2="{:.1}" y1="{y:.1}" y2="{y:.1}" stroke="{fill}" stroke-width="1.5"/>"#,
                x(rho.lowest),
                x(rho.highest)
            )?;
            writeln!(out, r#"<circle cx="{:.1}" cy="{y:.1}" r="3.5" fill="{fill}"/>"#, x(rho.mean))?;
        }
    }
    writeln!(out, "</svg>")
}

fn colour(index: usize) -> &'static str {
    COLOURS[index.min(COLOURS.len() - 1)]
}
