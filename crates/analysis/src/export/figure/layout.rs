//! Layout of interval plots below each other: one column each for names, plot and values, in which nothing overlaps.

use protocol::text::escape::cell;

use super::columns::{Columns, GAP, MARGIN, SMALL, TEXT, TINY, name_lines, seeds};
use super::shape::{Anchor, Color, Drawing, Shape, Text};
use super::text_width::{room, wrapped};
use super::variant_mark::{color, marker, star};
use crate::report::{IntervalPlot, IntervalRow, SectionPlots, Tick};

/// Smallest height of a row.
const ROW: f64 = 18.0;
/// Size of a title.
const TITLE: f64 = 9.0;
/// Height of a line of text, in its size.
const LINE: f64 = 1.3;

/// Lays out the plots of all sections. `without` are the titles of sections without a value, `star` is the meaning of a star.
pub(super) fn layout(sections: &[SectionPlots], without: &[String], star: &str) -> Drawing {
    let plots = || sections.iter().flat_map(|section| section.plots.iter().map(|plot| (section.title.as_str(), plot)));
    let mut legend = legend(plots().map(|(_, plot)| plot), star);
    if !without.is_empty() {
        legend += &format!(" Without a value: {}.", without.join("; "));
    }
    let words: Vec<(Vec<String>, f64, bool)> = plots()
        .flat_map(|(title, plot)| {
            let notes = plot.notes.iter().map(|note| (note.clone(), SMALL, false));
            [(head(plot), TITLE, true), (title.to_owned(), TEXT, false)].into_iter().chain(notes)
        })
        .chain([(legend.clone(), SMALL, false)])
        .map(|(text, size, bold)| (wrapped(&cell(&text), 0.0, size, bold), size, bold))
        .collect();
    let longest_word = words.iter().flat_map(|(words, size, bold)| words.iter().map(|word| room(word, *size, *bold)));
    let columns = Columns::of(plots().map(|(_, plot)| plot), longest_word.fold(0.0, f64::max));
    let mut page = Page { columns, shapes: Vec::new(), y: MARGIN };
    for (at, (title, plot)) in plots().enumerate() {
        if at > 0 {
            page.y += GAP;
        }
        page.plot(title, plot);
    }
    page.y += 3.0;
    page.lines(&legend, SMALL, false);
    let title: Vec<String> = plots().map(|(title, plot)| format!("{}: {title}", head(plot))).collect();
    Drawing { title: title.join("; "), width: page.columns.page, height: page.y + MARGIN, shapes: page.shapes }
}

/// Name with the better direction, unit, kind and scale.
fn head(plot: &IntervalPlot) -> String {
    let scale = if plot.is_log { "log scale" } else { "" };
    let parts = plot.head.iter().map(String::as_str).chain([scale]).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(", ")
}

/// Meaning of the marks in the plots.
fn legend<'a>(plots: impl Iterator<Item = &'a IntervalPlot>, star: &str) -> String {
    let rows: Vec<&IntervalRow> = plots.flat_map(|plot| &plot.rows).collect();
    let mut text = "Marker: mean. Circle: one seed.".to_owned();
    if rows.iter().any(|row| row.interval.is_some()) {
        text += " Bar: 95% interval.";
    }
    if rows.iter().any(|row| row.marked) {
        text += &format!(" Star: {star}.");
    }
    text
}

/// Page that is filled from the top.
struct Page {
    columns: Columns,
    shapes: Vec<Shape>,
    /// Upper end of the next shape.
    y: f64,
}

impl Page {
    fn plot(&mut self, title: &str, plot: &IntervalPlot) {
        self.lines(&head(plot), TITLE, true);
        self.lines(title, TEXT, false);
        self.y += 3.0;
        let controls = self.controls(&plot.lines);
        let (top, behind) = (self.y, self.shapes.len());
        for row in &plot.rows {
            self.row(row);
        }
        let bottom = self.y;
        let vertical = |x: f64, top: f64, width: f64, color: Color, dashed: bool| Shape::Line {
            from: [x, top],
            to: [x, bottom],
            width,
            color,
            dashed,
        };
        let grid = plot.ticks.iter().map(|tick| vertical(self.columns.at(tick.at), top, 0.5, Color::GRID, false));
        let controls = controls.into_iter().map(|[x, top]| vertical(x, top, 0.75, Color::BLACK, true));
        // Lines are behind the rows.
        let lines: Vec<Shape> = grid.chain(controls).collect();
        self.shapes.splice(behind..behind, lines);
        self.axis(&plot.ticks);
        for note in &plot.notes {
            self.lines(note, SMALL, false);
        }
    }

    fn text(&mut self, at: [f64; 2], anchor: Anchor, size: f64, text: &str) {
        self.shapes.push(Shape::Text(Text { at, anchor, size, bold: false, text: text.to_owned() }));
    }

    /// Lines of text across the page.
    fn lines(&mut self, text: &str, size: f64, bold: bool) {
        for line in wrapped(&cell(text), self.columns.page - 2.0 * MARGIN, size, bold) {
            let at = [MARGIN, self.y + size];
            self.shapes.push(Shape::Text(Text { at, anchor: Anchor::Start, size, bold, text: line }));
            self.y += LINE * size;
        }
    }

    /// Labels of the controls that all rows share. Returns the upper ends of their lines. No line crosses a label, because labels
    /// are to the right of their lines, and lines further to the right start below.
    fn controls(&mut self, lines: &[Tick]) -> Vec<[f64; 2]> {
        let mut sorted: Vec<&Tick> = lines.iter().collect();
        sorted.sort_by(|a, b| a.at.total_cmp(&b.at));
        let mut ends = Vec::new();
        for line in sorted {
            let x = self.columns.at(line.at);
            ends.push([x, self.y + 1.0]);
            self.text([x + 3.0, self.y + SMALL], Anchor::Start, SMALL, &cell(&line.label));
            self.y += LINE * SMALL;
        }
        ends
    }

    fn row(&mut self, row: &IntervalRow) {
        let (top, color) = (self.y, color(row.style.color));
        let (middle, x) = (top + 6.75, self.columns.at(row.mean));
        self.shapes.push(marker(row.style.marker, [MARGIN + 5.0, middle], color));
        let names = name_lines(row);
        for (at, line) in names.iter().enumerate() {
            let y = top + 9.5 + LINE * TEXT * at as f64;
            self.text([self.columns.name, y], Anchor::Start, TEXT, line);
        }
        if let Some([left, width]) = row.interval {
            let [left, right] = [left, left + width].map(|end| self.columns.at(end));
            let (at, size) = ([left, top + 4.5], [right - left, 4.5]);
            self.shapes.push(Shape::Rectangle { at, size, color: color.tint() });
        }
        for control in &row.controls {
            let x = self.columns.at(control.at);
            let (from, to) = ([x, top + 1.5], [x, top + 12.0]);
            let (width, dashed) = [(1.5, false), (1.5, true), (0.6, false)][control.form];
            self.shapes.push(Shape::Line { from, to, width, color: Color::BLACK, dashed });
        }
        for dot in &row.dots {
            let at = [self.columns.at(*dot), top + 14.0];
            self.shapes.push(Shape::Circle { at, radius: 1.5, color, line: Some(0.9) });
        }
        self.shapes.push(marker(row.style.marker, [x, middle], color));
        let value = self.columns.value;
        self.text([value, top + 9.5], Anchor::End, TEXT, &cell(&row.text));
        if row.marked {
            self.shapes.push(star([value + 6.0, middle]));
        }
        if !row.seeds.is_empty() {
            self.text([value, top + 16.0], Anchor::End, TINY, &seeds(row));
        }
        self.y += ROW.max(LINE * TEXT * names.len() as f64 + 5.0);
    }

    /// Line of the axis with the labels that have room: all, every second one, and so on.
    fn axis(&mut self, ticks: &[Tick]) {
        let [left, width] = self.columns.strip;
        let line =
            |from: [f64; 2], to: [f64; 2]| Shape::Line { from, to, width: 0.75, color: Color::BLACK, dashed: false };
        self.shapes.push(line([left, self.y], [left + width, self.y]));
        let ends = |tick: &Tick| {
            let half = room(&tick.label, SMALL, false) / 2.0;
            [self.columns.at(tick.at) - half, self.columns.at(tick.at) + half]
        };
        let has_room = |step: &usize| {
            let labels: Vec<[f64; 2]> = ticks.iter().step_by(*step).map(ends).collect();
            labels.windows(2).all(|pair| pair[0][1] + 3.0 <= pair[1][0])
        };
        let step = (1..=ticks.len()).find(has_room).unwrap_or(1);
        for (at, tick) in ticks.iter().enumerate() {
            let x = self.columns.at(tick.at);
            self.shapes.push(line([x, self.y], [x, self.y + 2.5]));
            if at % step == 0 {
                self.text([x, self.y + 10.0], Anchor::Middle, SMALL, &tick.label);
            }
        }
        self.y += 14.0;
    }
}
