//! Shapes of a drawing. Units are points, 1/72 of an inch, from the top left corner.

/// Page with shapes, in the order in which they are drawn.
#[derive(Clone, Debug)]
pub(super) struct Drawing {
    /// Text for programs that read pages aloud.
    pub(super) title: String,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) shapes: Vec<Shape>,
}

/// Red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Color(pub(super) [u8; 3]);

impl Color {
    pub(super) const BLACK: Self = Self([0; 3]);
    /// Lines of the grid.
    pub(super) const GRID: Self = Self([0xd5; 3]);

    /// The colour at 35% on white paper.
    pub(super) fn tint(self) -> Self {
        Self(self.0.map(|part| (255.0 - 0.35 * (255.0 - f64::from(part))).round() as u8))
    }
}

/// Position of a text relative to its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// Line of text.
#[derive(Clone, Debug)]
pub(super) struct Text {
    /// Point on the base line.
    pub(super) at: [f64; 2],
    pub(super) anchor: Anchor,
    pub(super) size: f64,
    pub(super) bold: bool,
    /// Text without hidden characters.
    pub(super) text: String,
}

/// Shape of a drawing.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    Line {
        from: [f64; 2],
        to: [f64; 2],
        width: f64,
        color: Color,
        dashed: bool,
    },
    Rectangle {
        at: [f64; 2],
        size: [f64; 2],
        color: Color,
    },
    /// Filled outline.
    Polygon {
        points: Vec<[f64; 2]>,
        color: Color,
    },
    /// Filled, or a ring of `line` points.
    Circle {
        at: [f64; 2],
        radius: f64,
        color: Color,
        line: Option<f64>,
    },
    Text(Text),
}

/// A number with at most two decimals.
pub(super) fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    match text.trim_end_matches('0').trim_end_matches('.') {
        "" | "-" | "-0" => "0".to_owned(),
        short => short.to_owned(),
    }
}
