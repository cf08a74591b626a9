//! The comment of a pull request as a CommonMark renderer reads it.

use protocol::text::escape;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::gate::tests::{baseline, fid, nll, values, variant};
use crate::gate::{Gate, GateFormat, GateSettings, check};

/// Parts of a rendered comment.
#[derive(Debug, Default)]
struct Rendered {
    headings: Vec<String>,
    /// Cells of the rows of each table, heads first.
    tables: Vec<Vec<Vec<String>>>,
    /// Numbers of tables before each line of HTML, and the line.
    html: Vec<(usize, String)>,
    bold: Vec<String>,
    paragraphs: Vec<String>,
    other: Vec<String>,
}

fn rendered(text: &str) -> Rendered {
    let mut found = Rendered::default();
    let mut open = String::new();
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { .. } | Tag::TableCell | Tag::Paragraph) => open.clear(),
            Event::Text(text) => {
                open += &text;
                if let Some(bold) = found.bold.last_mut().filter(|bold| bold.is_empty()) {
                    bold.push_str(&text);
                }
            }
            Event::Code(code) => open += &code,
            Event::SoftBreak => open.push(' '),
            Event::Start(Tag::Strong) => found.bold.push(String::new()),
            Event::Start(Tag::Table(_)) => found.tables.push(Vec::new()),
            Event::Start(Tag::TableHead | Tag::TableRow) => found.tables.last_mut().expect("a table").push(Vec::new()),
            Event::End(TagEnd::TableCell) => {
                let row = found.tables.last_mut().and_then(|table| table.last_mut()).expect("a row");
                row.push(std::mem::take(&mut open));
            }
            Event::End(TagEnd::Heading(_)) => found.headings.push(std::mem::take(&mut open)),
            Event::End(TagEnd::Paragraph) => found.paragraphs.push(std::mem::take(&mut open)),
            Event::Html(line) => found.html.push((found.tables.len(), line.trim().to_owned())),
            Event::Start(Tag::HtmlBlock) | Event::End(_) => {}
            other => found.other.push(format!("{other:?}")),
        }
    }
    found
}

/// Labels that would be markup without escaping.
const LABELS: [&str; 6] = [
    "a|b \\| c",
    "`code` **bold** _x_ ~~y~~",
    "<img src=x> </details> &amp; <!-- -->",
    "[link](https://example.org) ![i](j) @name #12",
    "# head\n- item\n\n| c |",
    "vae \u{202e}x \u{1b}[2J $y$",
];

/// Every label gets worse, and has a figure that informs.
fn gate() -> Gate {
    let side = |loss: f64| {
        let of = |at: f64, loss: f64| [at, at + 0.2 + loss / 50.0, at - 0.2].map(|value| value + loss);
        let one = |label: &&str| variant(label, vec![values(nll(), &of(19.0, loss)), values(fid(), &of(1.5, 0.0))]);
        baseline(LABELS.iter().map(one).collect())
    };
    check(&side(0.0), &side(5.0), &GateSettings::default())
}

#[test]
fn tables_details_and_labels_are_rendered_as_written() {
    let text = gate().format(GateFormat::Markdown).expect("written");
    let found = rendered(&text);
    assert_eq!(found.headings, ["genbench small: ❌ worse"], "{text}");
    assert_eq!(found.other, Vec::<String>::new(), "no link, list, image or HTML in a line: {text}");
    let [gating, informing] = &found.tables[..] else { panic!("{} tables in {text}", found.tables.len()) };
    for (table, figure) in [(gating, "nll"), (informing, "fid_proxy")] {
        assert_eq!(table[0], ["variant", "figure", "baseline", "run", "loss", "margin", "verdict", "remark"]);
        let labels: Vec<&str> = table[1..].iter().map(|row| row[0].as_str()).collect();
        let expected: Vec<String> = LABELS.iter().map(|label| escape::cell(label).trim().to_owned()).collect();
        assert_eq!(labels, expected, "{text}");
        assert!(table[1..].iter().all(|row| row.len() == 8 && row[1] == figure), "{table:?}");
    }
    assert!(gating[1..].iter().all(|row| row[6] == "WORSE") && informing[1..].iter().all(|row| row[6] == "identical"));
    assert_eq!(found.bold.iter().filter(|bold| *bold == "WORSE").count(), LABELS.len());
    // The second table lies in the folded part.
    let html: Vec<(usize, &str)> = found.html.iter().map(|(tables, line)| (*tables, line.as_str())).collect();
    assert_eq!(html, [(1, "<details><summary>Figures that inform (6)</summary>"), (2, "</details>")], "{text}");
    assert!(found.paragraphs.iter().any(|one| one.contains("6 figures gate: 6 worse")), "{:?}", found.paragraphs);
}
