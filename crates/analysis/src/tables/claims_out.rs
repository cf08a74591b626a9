//! `claims.csv`: one row per comparison of a claim.

use std::io;

use super::schema::{Field, TableSchema};
use super::sheet::Sheet;
use crate::claims::{ClaimNumbers, ClaimResult};

pub(super) fn schema() -> TableSchema {
    let fields = vec![
        Field::text("claim", "Name of the claim."),
        Field::text("section", "Section of the block that has the claim."),
        Field::text("statement", "Statement of the claim."),
        Field::text("outcome", "`supported`, `refuted` or `undecided`."),
        Field::integer("part", "Number of the comparison in the statement, counted from 1."),
        Field::text("comparison", "Text of the comparison."),
        Field::text("comparison_outcome", "Outcome of the comparison alone."),
        Field::number("left", "Value of the left side; empty if a side has no value or is not complete."),
        Field::number("right", "Value of the right side."),
        Field::number("difference", "Left side minus right side."),
        Field::number(
            "se",
            "Standard error of the difference over seeds and test images; empty without means over seeds.",
        ),
        Field::number("degrees", "Degrees of freedom of that error, by Satterthwaite."),
        Field::number("bound_low", "One-sided lower bound of the difference; the difference itself if it is exact."),
        Field::number("bound_high", "One-sided upper bound of the difference."),
        Field::text("remarks", "Remarks on the numbers, joined by `; `."),
        Field::text("needs", "Seeds or test images that an undecided comparison needs."),
    ];
    TableSchema { file: "claims.csv", about: "One row per comparison of a claim.", fields }
}

pub(super) fn csv(claims: &[ClaimResult]) -> io::Result<Vec<u8>> {
    let mut sheet = Sheet::new(&schema().fields)?;
    for claim in claims {
        for (at, part) in claim.parts.iter().enumerate() {
            sheet.text(&claim.name).maybe(claim.section.as_deref()).text(&claim.statement).shown(Some(claim.outcome));
            sheet.shown(Some(at + 1)).text(&part.statement).shown(Some(part.outcome));
            let number = |of: fn(&ClaimNumbers) -> f64| part.estimate.as_ref().map(of);
            sheet.number(number(|one| one.left)).number(number(|one| one.right));
            sheet.number(number(|one| one.difference)).number(part.estimate.and_then(|one| one.se));
            sheet.number(part.estimate.and_then(|one| one.degrees));
            sheet.number(number(|one| one.low)).number(number(|one| one.high));
            sheet.text(&part.remarks.join("; ")).text(&part.needs).end()?;
        }
    }
    sheet.finish()
}
