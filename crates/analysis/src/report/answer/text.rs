//! Answers as sentences for a terminal.

use protocol::text::escape::cell;
use protocol::text::{count, fold, wrapped};

use super::Answer;
use crate::claims::{ClaimOutcome, ClaimResult};
use crate::compare::Marks;
use crate::report::claims::claim_counts;
use crate::report::group_data::GroupData;
use crate::report::variant_style::VariantStyles;
use crate::results::Results;
use crate::tables::Board;

/// Largest number of groups with a full answer. Answers of more groups are short: without certainty and other figures.
const FULL: usize = 3;
/// Largest number of best variants in a short answer.
const BEST: usize = 3;
/// Largest number of sentences of one question.
const LINES: usize = 4;

/// First screen of the report as text of at most `width` columns; `usize::MAX` is no limit. Every group has its best variants,
/// their lead, how sure both are, at what cost, what is undecided and what failed. Claims follow. Empty without variants.
#[must_use]
pub fn answer_text(results: &Results, width: usize, color: bool) -> String {
    let bold = |text: String| if color { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text };
    let (summary, comparisons) = (results.summary(), results.comparisons());
    let (styles, marks) = (VariantStyles::of(summary), Marks::of(comparisons));
    let board = Board::of(summary, comparisons);
    let interim = results.plan().compare.interim.as_ref();
    let by = interim.map(|interim| interim.by.as_slice()).unwrap_or_default();
    let mut lines: Vec<String> = Vec::new();
    for group in &board.groups {
        let data = GroupData::of(results, group, &styles, &marks);
        let answer = Answer::of(&data, by);
        let section = group.section.as_deref().map(|section| format!("{section} · ")).unwrap_or_default();
        let title = format!("{section}{}", group.title());
        lines.extend(wrapped("", &cell(&title), width).into_iter().map(bold));
        for (question, sentences) in questions(&answer, board.groups.len() <= FULL) {
            match sentences.as_slice() {
                [only] => lines.extend(wrapped_sentence(&format!("  {question}: "), only, width)),
                several => {
                    lines.extend(wrapped_sentence("  ", &format!("{question}:"), width));
                    lines.extend(several.iter().flat_map(|one| wrapped("    - ", &cell(one), width)));
                }
            }
        }
        lines.push(String::new());
    }
    lines.extend(claims(results.claims(), width).into_iter().chain((!results.claims().is_empty()).then(String::new)));
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// A sentence whose further lines have four blanks, whatever the length of its start.
fn wrapped_sentence(start: &str, sentence: &str, width: usize) -> Vec<String> {
    fold(&format!("{start}{}", cell(sentence)), width).split('\n').map(str::to_owned).collect()
}

/// Questions with their sentences, without those that have none.
fn questions(answer: &Answer, is_full: bool) -> Vec<(String, Vec<String>)> {
    let figure = answer.figure.as_ref().map(|[name, unit, _]| {
        let unit = if unit.is_empty() { String::new() } else { format!(" ({unit})") };
        format!(" by {name}{unit}")
    });
    let best = &answer.best;
    let title = format!("{}{}", best.title, figure.unwrap_or_default());
    let shown = if is_full { best.variants.len() } else { BEST };
    let named = best.variants.iter().take(shown).map(|(style, text)| format!("{} {text}", style.label));
    let more = best.variants.len().saturating_sub(shown);
    let more = (more > 0).then(|| format!("and {more} more"));
    let variants = named.chain(more).collect::<Vec<_>>();
    let named = if variants.is_empty() { String::new() } else { format!("{}. ", variants.join(", ")) };
    let best = format!("{named}{}", best.meaning).trim_end().to_owned();
    let mut open = answer.open.clone();
    if answer.more_open > 0 {
        open.push(format!("and {}", count(answer.more_open, "more comparison")));
    }
    let mut all = vec![
        (title, vec![best]),
        ("But on log p".to_owned(), answer.log_p.clone()),
        ("Undecided".to_owned(), open),
        ("Failed or missing".to_owned(), answer.failed.clone()),
    ];
    if is_full {
        let mut sure = answer.best.certainty.clone();
        sure.extend(some(
            answer.below_controls.iter().map(|line| format!("Not better than a control: {line}")).collect(),
        ));
        let others = answer.others.iter().map(|other| {
            let best: Vec<&str> = other.best.iter().map(|style| style.label.as_str()).collect();
            let best = if best.is_empty() { "no mark".to_owned() } else { best.join(", ") };
            format!("{}: {best}", other.figures.join(", "))
        });
        let full = [("By how much", answer.best.leads.clone()), ("How sure", sure), ("At what cost", costs(answer))];
        all.splice(2..2, full.map(|(question, lines)| (question.to_owned(), lines)));
        all.push(("By other figures".to_owned(), some(others.collect())));
    } else {
        let lead = answer.best.leads.first().filter(|_| !answer.best.variants.is_empty());
        let lead = lead.cloned().into_iter().collect();
        let costs = answer
            .best_costs
            .iter()
            .take(BEST)
            .map(|(style, phrases)| format!("{}: {}", style.label, phrases.join(", ")));
        all.splice(2..2, [("By how much".to_owned(), lead), ("At what cost".to_owned(), costs.collect())]);
    }
    all.retain(|(_, lines)| lines.iter().any(|line| !line.is_empty()));
    all
}

/// The first sentences, and the number of the others.
fn some(mut lines: Vec<String>) -> Vec<String> {
    let more = lines.len().saturating_sub(LINES);
    lines.truncate(LINES);
    if more > 0 {
        lines.push(format!("and {more} more in the report"));
    }
    lines
}

/// A sentence per variant, the marked ones first.
fn costs(answer: &Answer) -> Vec<String> {
    let Some(table) = &answer.costs else { return Vec::new() };
    let cells = |cells: &[String]| {
        let known = table.heads.iter().zip(cells).filter(|(_, cell)| *cell != "—");
        known.map(|(head, cell)| format!("{head} {cell}")).collect::<Vec<_>>().join(", ")
    };
    table.rows.iter().map(|(style, row)| format!("{}: {}", style.label, cells(row))).collect()
}

/// Numbers of outcomes, then every claim that is not supported.
fn claims(claims: &[ClaimResult], width: usize) -> Vec<String> {
    if claims.is_empty() {
        return Vec::new();
    }
    let mut lines = wrapped("", &format!("Claims: {}", claim_counts(claims)), width);
    for claim in claims.iter().filter(|claim| claim.outcome != ClaimOutcome::Supported) {
        let needs = claim.needs();
        let needs = if needs.is_empty() { String::new() } else { format!("; to decide it: {needs}") };
        let sentence = format!("{}: {}{needs}", claim.name, claim.outcome);
        lines.extend(wrapped_sentence("  ", &sentence, width));
    }
    lines
}
