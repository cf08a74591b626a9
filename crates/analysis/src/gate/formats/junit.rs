//! JUnit XML: a suite per variant, a test case per figure.

use super::super::outcome::Gate;
use super::super::row::Row;
use crate::junit_document::{JunitCase, JunitEnding, JunitSuite, junit_document};

/// Failures are what the gate fails; figures that are undecided, changed or new are skipped.
pub(super) fn junit(gate: &Gate) -> String {
    let rows = gate.rows();
    let suite = |name: &String| JunitSuite {
        name: name.clone(),
        cases: rows.iter().filter(|row| row.variant == *name).map(case).collect(),
    };
    let suites: Vec<JunitSuite> = gate.variants.iter().map(|variant| suite(&variant.variant)).collect();
    junit_document(&format!("genbench regress {}", gate.grid), &suites)
}

fn case(row: &Row) -> JunitCase {
    let sides = if row.run.is_empty() { String::new() } else { format!("{} -> {}", row.baseline, row.run) };
    let loss = if row.loss.is_empty() { String::new() } else { format!("loss {}, margin {}", row.loss, row.margin) };
    let parts = [row.verdict, &sides, &loss, &row.remark];
    let message: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    JunitCase {
        class: row.variant.clone(),
        name: if row.figure.is_empty() { "seeds and inputs".to_owned() } else { row.figure.clone() },
        ending: match row.verdict {
            "WORSE" | "FAILED" | "MISSING" if row.gates => JunitEnding::Failure,
            "undecided" | "changed" | "new" => JunitEnding::Skipped,
            _ => JunitEnding::Passed,
        },
        kind: row.verdict.to_owned(),
        message: message.join("; "),
        properties: Vec::new(),
        seconds: None,
    }
}
