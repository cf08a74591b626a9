//! PDF of a drawing: one page, Helvetica by name, no compression. Equal drawings give equal bytes.

use std::fmt::Write;

use protocol::Problem;

use super::shape::{Anchor, Color, Drawing, Shape, Text, number};
use super::text_width::helvetica;
use super::win_ansi::{codes, in_words};

/// Longest side of a page that readers accept, in points.
const LONGEST: f64 = 14_400.0;
/// Length of the handles of a Bézier curve that draws a quarter of a circle, in radii.
const HANDLE: f64 = 0.552_3;

/// Writes a drawing as a file of version 1.4.
///
/// # Errors
/// The font lacks a character, or the page is too long.
pub(super) fn pdf(drawing: &Drawing) -> Result<Vec<u8>, Problem> {
    if drawing.width.max(drawing.height) > LONGEST {
        return Err(only_svg("the page is longer than 5 m, the limit of PDF".to_owned()));
    }
    let mut content = Vec::new();
    for shape in &drawing.shapes {
        match shape {
            Shape::Text(text) => write_text(&mut content, text, drawing.height)?,
            shape => content.extend_from_slice(path(shape, drawing.height).as_bytes()),
        }
    }
    let font = |name: &str| {
        format!("<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>").into_bytes()
    };
    let page = format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {} {}] /Contents 4 0 R /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>",
        number(drawing.width),
        number(drawing.height)
    );
    let stream = [format!("<< /Length {} >>\nstream\n", content.len()).as_bytes(), &content, b"\nendstream"].concat();
    Ok(file(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        page.into_bytes(),
        stream,
        font("Helvetica"),
        font("Helvetica-Bold"),
        b"<< /Producer (genbench) >>".to_vec(),
    ]))
}

fn only_svg(message: String) -> Problem {
    Problem::new("to", message).help("`--to svg` has no such limit")
}

/// Objects, numbered from 1, with their table of offsets. The first one is the catalog, the last one describes the file.
fn file(objects: &[Vec<u8>]) -> Vec<u8> {
    // Bytes above 127 mark the file as binary.
    let mut bytes = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (at, object) in objects.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = writeln!(table, "{:010} 00000 n ", bytes.len());
        bytes.extend_from_slice(format!("{} 0 obj\n", at + 1).as_bytes());
        bytes.extend_from_slice(object);
        bytes.extend_from_slice(b"\nendobj\n");
    }
    let end = format!(
        "trailer\n<< /Size {} /Root 1 0 R /Info {} 0 R >>\nstartxref\n{}\n%%EOF\n",
        objects.len() + 1,
        objects.len(),
        bytes.len()
    );
    bytes.extend_from_slice(table.as_bytes());
    bytes.extend_from_slice(end.as_bytes());
    bytes
}

/// Operators of a shape without text. The origin of a page is at its bottom.
fn path(shape: &Shape, height: f64) -> String {
    let point = |[x, y]: [f64; 2]| format!("{} {}", number(x), number(height - y));
    match shape {
        Shape::Line { from, to, width, color, dashed } => format!(
            "{} RG {} w {} 0 d {} m {} l S\n",
            color_of(*color),
            number(*width),
            if *dashed { "[1.5 2]" } else { "[]" },
            point(*from),
            point(*to)
        ),
        Shape::Rectangle { at: [x, y], size, color } => format!(
            "{} rg {} {} {} re f\n",
            color_of(*color),
            point([*x, y + size[1]]),
            number(size[0]),
            number(size[1])
        ),
        Shape::Polygon { points, color } => {
            let corners: Vec<String> = points.iter().map(|corner| point(*corner)).collect();
            format!("{} rg {} m {} l h f\n", color_of(*color), corners[0], corners[1..].join(" l "))
        }
        Shape::Circle { at: [x, y], radius, color, line } => {
            let paint = match line {
                Some(line) => format!("{} RG {} w [] 0 d", color_of(*color), number(*line)),
                None => format!("{} rg", color_of(*color)),
            };
            let at = |right: f64, down: f64| point([x + right * radius, y + down * radius]);
            let quarter = |[a, b]: [f64; 2]| {
                // From the direction (a, b) to the direction (-b, a).
                let (first, second) = (at(a - HANDLE * b, b + HANDLE * a), at(HANDLE * a - b, HANDLE * b + a));
                format!(" {first} {second} {} c", at(-b, a))
            };
            let quarters = [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]].map(quarter).concat();
            format!("{paint} {} m{quarters} h {}\n", at(1.0, 0.0), if line.is_some() { "S" } else { "f" })
        }
        Shape::Text(_) => String::new(),
    }
}

fn write_text(content: &mut Vec<u8>, text: &Text, height: f64) -> Result<(), Problem> {
    let words = in_words(&text.text);
    let codes = codes(&words)
        .map_err(|lacks| only_svg(format!("the font of a PDF file lacks `{lacks}`, which is in `{}`", text.text)))?;
    let width = helvetica(&words, text.size);
    let left = text.at[0]
        - match text.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => width / 2.0,
            Anchor::End => width,
        };
    let font = if text.bold { "F2" } else { "F1" };
    let start =
        format!("BT 0 0 0 rg /{font} {} Tf {} {} Td (", number(text.size), number(left), number(height - text.at[1]));
    content.extend_from_slice(start.as_bytes());
    for code in codes {
        match code {
            b'(' | b')' | b'\\' => content.extend_from_slice(&[b'\\', code]),
            b' '..=b'~' => content.push(code),
            _ => content.extend_from_slice(format!("\\{code:03o}").as_bytes()),
        }
    }
    content.extend_from_slice(b") Tj ET\n");
    Ok(())
}

fn color_of(color: Color) -> String {
    color.0.map(|part| number(f64::from(part) / 255.0)).join(" ")
}
