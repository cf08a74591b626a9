//! Caption of a table: data, intervals, marks, test, seeds, numbers of images.

use protocol::text::{count, thousands};
use protocol::{Pairs, is_rate};

use super::layout::seeds_of_all;
use crate::compare::Marks;
use crate::results::Results;
use crate::tables::{Column, Group};

/// Caption as plain sentences.
pub(super) fn caption(group: &Group, results: &Results) -> String {
    let plan = results.plan();
    let section = group.section.as_deref().map(|section| format!("{section}, ")).unwrap_or_default();
    let mut sentences = vec![format!("{section}{} (grid {}).", group.title(), plan.grid)];
    sentences.push(match seeds_of_all(group) {
        Some(1) => "One seed of each variant.".to_owned(),
        Some(seeds) => format!("Means over {} of each variant.", count(seeds, "seed")),
        None => "Means over the seeds that finished and did not collapse.".to_owned(),
    });
    let cells = || group.rows.iter().flat_map(|row| &row.cells);
    let has = |sign: &str| cells().any(|cell| cell.text.as_ref().is_some_and(|text| text.contains(sign)));
    if has("±") {
        sentences.push("±: half of the 95% confidence interval over seeds (Student's t).".to_owned());
    }
    if has("[") {
        sentences.push("Brackets: 95% interval of a rate or share.".to_owned());
    }
    if has("≥") || has("≤") {
        sentences.push("≥, ≤: bounds.".to_owned());
    }
    if cells().any(|cell| cell.marked) {
        sentences.push(format!("Bold: {}.", Marks::of(results.comparisons()).meaning()));
    }
    sentences.extend(test(group, results));
    sentences.extend(images(group, results));
    if cells().any(|cell| !cell.controls.is_empty()) || group.columns.iter().any(|column| !column.controls.is_empty()) {
        sentences.push("In parentheses or below a name: controls.".to_owned());
    }
    sentences.join(" ")
}

/// The test behind the verdicts on the figures of this table; `None` if none was compared.
fn test(group: &Group, results: &Results) -> Option<String> {
    let comparisons = results.comparisons();
    let of_this_table =
        |column: &Column| comparisons.rows.iter().any(|row| row.figure.as_ref() == Some(&column.figure));
    if !group.columns.iter().any(of_this_table) {
        return None;
    }
    let compare = &results.plan().compare;
    let test = match (compare.is_any_time(), compare.paired) {
        (true, _) => "t-test on differences between seeds (e-process, valid at any time)",
        (false, true) => "paired t-test over seeds",
        (false, false) => "Welch's t-test over seeds",
    };
    let pairs = match comparisons.pairs {
        Pairs::All => "all pairs of variants",
        Pairs::Baseline => "all comparisons with the baseline",
    };
    let rates = group.columns.iter().any(|column| is_rate(&column.figure.name));
    let rates = match (rates, compare.is_any_time()) {
        (true, true) => ", a test of discordant pairs for rates of seeds",
        (true, false) => ", Fisher's exact test for rates of seeds",
        (false, _) => "",
    };
    let interim = if compare.interim.is_some() && !compare.is_any_time() { " and interim analyses" } else { "" };
    Some(format!(
        "Test: {test} and test images{rates}, two-sided, corrected by Holm for {pairs} of a figure on the data set{interim}, level 5%."
    ))
}

/// Numbers of images, draws or windows behind the figures, the smallest one over the variants.
fn images(group: &Group, results: &Results) -> Option<String> {
    let variants = &results.summary().variants;
    let behind = |column: &Column| {
        let members = variants.iter().filter(|variant| group.rows.iter().any(|row| row.variant == variant.variant));
        let figures = members.flat_map(|variant| &variant.figures).filter(|summed| summed.figure == column.figure);
        figures.filter_map(|summed| summed.images).min()
    };
    let mut numbers: Vec<(u64, Vec<&str>)> = Vec::new();
    for column in &group.columns {
        let Some(n) = behind(column) else { continue };
        match numbers.iter_mut().find(|(known, _)| *known == n) {
            Some((_, labels)) => labels.push(&column.label),
            None => numbers.push((n, vec![&column.label])),
        }
    }
    let parts = numbers.iter().map(|(n, labels)| format!("{} ({})", thousands(*n), labels.join(", ")));
    let parts = parts.collect::<Vec<_>>().join("; ");
    (!parts.is_empty()).then(|| format!("n, the images, draws or windows behind a value: {parts}."))
}
