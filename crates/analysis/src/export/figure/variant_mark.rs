//! Colours and markers of variants: those of the report in light mode.

use super::shape::{Color, Shape};
use crate::report::{COLORS, MARKERS};

/// Points per pixel of the report.
const SCALE: f64 = 0.75;

/// The colours `--c0` to `--c7` of the report's style sheet.
const PALETTE: [[u8; 3]; COLORS] = [
    [0x00, 0x72, 0xb2],
    [0xc0, 0x5a, 0x00],
    [0x00, 0x80, 0x5f],
    [0xb0, 0x4a, 0x86],
    [0x7f, 0x6d, 0x00],
    [0x5a, 0x52, 0xc4],
    [0x33, 0x38, 0x3e],
    [0x9a, 0x4a, 0x2f],
];

/// Outlines of `markers.html`, in pixels. The first marker is a circle.
const OUTLINES: [&[[f64; 2]]; MARKERS] = [
    &[],
    &[[-4.5, -4.5], [4.5, -4.5], [4.5, 4.5], [-4.5, 4.5]],
    &[[0.0, -6.0], [5.5, 4.5], [-5.5, 4.5]],
    &[[0.0, -6.0], [6.0, 0.0], [0.0, 6.0], [-6.0, 0.0]],
    &[[0.0, 6.0], [5.5, -4.5], [-5.5, -4.5]],
    &[
        [-1.8, -5.5],
        [1.8, -5.5],
        [1.8, -1.8],
        [5.5, -1.8],
        [5.5, 1.8],
        [1.8, 1.8],
        [1.8, 5.5],
        [-1.8, 5.5],
        [-1.8, 1.8],
        [-5.5, 1.8],
        [-5.5, -1.8],
        [-1.8, -1.8],
    ],
    &[
        [-5.0, -2.5],
        [-2.5, -5.0],
        [0.0, -2.5],
        [2.5, -5.0],
        [5.0, -2.5],
        [2.5, 0.0],
        [5.0, 2.5],
        [2.5, 5.0],
        [0.0, 2.5],
        [-2.5, 5.0],
        [-5.0, 2.5],
        [-2.5, 0.0],
    ],
    &[[-3.0, -5.2], [3.0, -5.2], [6.0, 0.0], [3.0, 5.2], [-3.0, 5.2], [-6.0, 0.0]],
    &[[-5.0, -5.5], [5.0, -5.5], [0.0, 0.0], [5.0, 5.5], [-5.0, 5.5], [0.0, 0.0]],
    &[[-5.5, -3.0], [5.5, -3.0], [5.5, 3.0], [-5.5, 3.0]],
];

/// Star of a marked variant, in pixels. No marker has this form.
const STAR: [[f64; 2]; 10] = [
    [0.0, -6.5],
    [1.8, -2.2],
    [6.4, -2.0],
    [2.8, 1.0],
    [4.0, 5.5],
    [0.0, 3.0],
    [-4.0, 5.5],
    [-2.8, 1.0],
    [-6.4, -2.0],
    [-1.8, -2.2],
];
/// Colour of the star in the report.
const STAR_COLOR: usize = 2;

/// Colour of a variant.
pub(super) fn color(index: usize) -> Color {
    Color(PALETTE[index % COLORS])
}

/// Marker of a variant around a point.
pub(super) fn marker(index: usize, at: [f64; 2], color: Color) -> Shape {
    match OUTLINES[index % MARKERS] {
        [] => Shape::Circle { at, radius: 5.0 * SCALE, color, line: None },
        outline => outlined(outline, at, color, SCALE),
    }
}

/// Star of a marked variant.
pub(super) fn star(at: [f64; 2]) -> Shape {
    outlined(&STAR, at, color(STAR_COLOR), 0.55)
}

fn outlined(outline: &[[f64; 2]], at: [f64; 2], color: Color, scale: f64) -> Shape {
    let points = outline.iter().map(|point| [at[0] + scale * point[0], at[1] + scale * point[1]]).collect();
    Shape::Polygon { points, color }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Markers and colours are those of the report.
    #[test]
    fn appearance_is_that_of_the_report() {
        let style = include_str!("../../report/templates/style.css");
        let light = style.split("--c0:").nth(1).unwrap();
        for index in 0..COLORS {
            let [red, green, blue] = color(index).0;
            let rule = format!("--c{index}: #{red:02x}{green:02x}{blue:02x};");
            assert!(format!("--c0:{}", light.lines().next().unwrap()).contains(&rule), "{rule}");
        }
        let markers = include_str!("../../report/templates/markers.html");
        for (index, outline) in OUTLINES.iter().enumerate().skip(2) {
            let path = markers.split(&format!("id=\"m{index}\"><path d=\"")).nth(1).unwrap().split('"').next().unwrap();
            assert_eq!(corners(path).len(), outline.len(), "{path}");
            let is_near = |(a, b): (&[f64; 2], &[f64; 2])| (a[0] - b[0]).abs() < 1e-9 && (a[1] - b[1]).abs() < 1e-9;
            assert!(corners(path).iter().zip(*outline).all(is_near), "{path}");
        }
    }

    /// Corners of a path of `M`, lines, `h` and `v`.
    fn corners(path: &str) -> Vec<[f64; 2]> {
        let spaced = path.replace('-', " -");
        let spaced: String =
            spaced.chars().map(|c| if c.is_alphabetic() { format!(" {c} ") } else { c.to_string() }).collect();
        let (mut corners, mut command, mut numbers) = (Vec::<[f64; 2]>::new(), 'M', Vec::new());
        for word in spaced.split_whitespace() {
            match word.parse::<f64>() {
                Ok(number) => numbers.push(number),
                Err(_) => command = word.chars().next().unwrap(),
            }
            let last = corners.last().copied().unwrap_or_default();
            let corner = match (command, numbers[..].as_ref()) {
                ('M', [x, y]) => [*x, *y],
                ('h', [x]) => [last[0] + x, last[1]],
                ('v', [y]) => [last[0], last[1] + y],
                ('l', [x, y]) => [last[0] + x, last[1] + y],
                _ => continue,
            };
            corners.push(corner);
            numbers.clear();
        }
        // A path may return to its first corner.
        if corners.len() > 1 && corners.first() == corners.last() {
            corners.pop();
        }
        corners
    }
}
