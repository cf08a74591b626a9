//! SVG of a drawing.

use std::fmt::Write;

use protocol::text::escape::xml as escape;

use super::shape::{Anchor, Color, Drawing, Shape, Text, number};

/// Writes a drawing as a document on white paper.
pub(super) fn svg(drawing: &Drawing) -> String {
    let (width, height) = (number(drawing.width), number(drawing.height));
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}pt\" height=\"{height}pt\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"Helvetica, Arial, sans-serif\" role=\"img\">\n<title>{}</title>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n",
        escape(&drawing.title)
    );
    // Writing to a string cannot fail.
    for shape in &drawing.shapes {
        let _ = writeln!(text, "{}", element(shape));
    }
    text + "</svg>\n"
}

fn element(shape: &Shape) -> String {
    match shape {
        Shape::Line { from: [x1, y1], to: [x2, y2], width, color, dashed } => format!(
            "<path d=\"M{} {}L{} {}\" stroke=\"{}\" stroke-width=\"{}\"{}/>",
            number(*x1),
            number(*y1),
            number(*x2),
            number(*y2),
            hex(*color),
            number(*width),
            if *dashed { " stroke-dasharray=\"1.5 2\"" } else { "" }
        ),
        Shape::Rectangle { at: [x, y], size: [width, height], color } => format!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"/>",
            number(*x),
            number(*y),
            number(*width),
            number(*height),
            hex(*color)
        ),
        Shape::Polygon { points, color } => {
            let points: Vec<String> = points.iter().map(|[x, y]| format!("{},{}", number(*x), number(*y))).collect();
            format!("<polygon points=\"{}\" fill=\"{}\"/>", points.join(" "), hex(*color))
        }
        Shape::Circle { at: [x, y], radius, color, line } => {
            let paint = match line {
                Some(line) => {
                    format!("fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"", hex(*color), number(*line))
                }
                None => format!("fill=\"{}\"", hex(*color)),
            };
            format!("<circle cx=\"{}\" cy=\"{}\" r=\"{}\" {paint}/>", number(*x), number(*y), number(*radius))
        }
        Shape::Text(text) => line_of_text(text),
    }
}

fn line_of_text(text: &Text) -> String {
    let anchor = match text.anchor {
        Anchor::Start => "",
        Anchor::Middle => " text-anchor=\"middle\"",
        Anchor::End => " text-anchor=\"end\"",
    };
    let bold = if text.bold { " font-weight=\"bold\"" } else { "" };
    format!(
        "<text x=\"{}\" y=\"{}\" font-size=\"{}\"{anchor}{bold}>{}</text>",
        number(text.at[0]),
        number(text.at[1]),
        number(text.size),
        escape(&text.text)
    )
}

fn hex(color: Color) -> String {
    let [red, green, blue] = color.0;
    format!("#{red:02x}{green:02x}{blue:02x}")
}
