//! LaTeX: a `table` environment with `booktabs`.

use std::fmt::Write;

use protocol::text::escape::latex as escape;

use super::layout::{TypesetCell, TypesetTable};

/// Writes a table. The preamble needs `\usepackage{booktabs}`.
pub(super) fn latex(table: &TypesetTable) -> String {
    let mut text = String::from("% \\usepackage{booktabs}\n\\begin{table}\n  \\centering\n");
    // Writing to a string cannot fail.
    let _ = writeln!(text, "  \\caption{{{}}}", escape(&table.caption));
    let _ = writeln!(text, "  \\label{{tab:{}}}", table.label);
    let _ = writeln!(text, "  \\begin{{tabular}}{{l{}}}\n    \\toprule", "r".repeat(table.heads.len()));
    let lines = table.heads.iter().map(Vec::len).max().unwrap_or_default();
    for line in 0..lines {
        let heads: Vec<_> =
            table.heads.iter().map(|head| head.get(line).map(|head| words(head)).unwrap_or_default()).collect();
        if heads.iter().any(|head| !head.is_empty()) {
            let first = if line == 0 { "variant" } else { "" };
            let _ = writeln!(text, "    {first} & {} \\\\", heads.join(" & "));
        }
    }
    text.push_str("    \\midrule\n");
    for row in &table.rows {
        let cells: Vec<String> = row.cells.iter().map(cell).collect();
        let _ = writeln!(text, "    {} & {} \\\\", escape(&row.variant), cells.join(" & "));
    }
    text.push_str("    \\bottomrule\n  \\end{tabular}\n");
    if !table.notes.is_empty() {
        text.push_str("\n  \\smallskip\\raggedright\\footnotesize\n");
        for (index, note) in table.notes.iter().enumerate() {
            let _ = writeln!(text, "  \\textsuperscript{{{}}}~{}\\par", index + 1, escape(note));
        }
    }
    text + "\\end{table}\n"
}

fn cell(cell: &TypesetCell) -> String {
    let note = cell.note.map(|note| format!("\\textsuperscript{{{note}}}")).unwrap_or_default();
    let controls = if cell.controls.is_empty() { String::new() } else { format!(" ({})", words(&cell.controls)) };
    match &cell.number {
        Some(number) if cell.marked => format!("$\\mathbf{{{}}}${note}{controls}", math(number)),
        Some(number) => format!("${}${note}{controls}", math(number)),
        None => format!("---{note}"),
    }
}

/// A text in which negative numbers have a minus instead of a hyphen.
fn words(text: &str) -> String {
    let word = |word: &str| {
        let number = word.trim_end_matches([',', ';', ')']);
        match number.starts_with('-') && number.parse::<f64>().is_ok() {
            true => format!("${}${}", math(number), &word[number.len()..]),
            false => escape(word).into_owned(),
        }
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// A number of a cell in math: `≥ -19.40 ± 0.10`, `0.50 [0.01, 0.99]`, `1.2e33` or `2/3`.
fn math(number: &str) -> String {
    let word = |word: &str| match word.split_once('e') {
        Some((digits, exponent)) if exponent.parse::<i32>().is_ok() => format!("{digits} \\cdot 10^{{{exponent}}}"),
        _ => word.replace('±', "\\pm").replace('≥', "\\geq").replace('≤', "\\leq").replace('[', "\\;["),
    };
    number.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_cells_are_math() {
        assert_eq!(math("≥ -19.40 ± 0.10"), "\\geq -19.40 \\pm 0.10");
        assert_eq!(math("0.50 [0.01, 0.99]"), "0.50 \\;[0.01, 0.99]");
        assert_eq!(words("chance -44.36, x-1 & real 3"), "chance $-44.36$, x-1 \\& real 3");
        assert_eq!(math("1.2e33 ± 3.0e-5"), "1.2 \\cdot 10^{33} \\pm 3.0 \\cdot 10^{-5}");
    }
}
