//! The pages of `docs/lecture`: their tables of claims are those of the committed packs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::{env, fs};

use analysis::pack::{UnpackOptions, unpack};
use analysis::{ClaimOutcome, ClaimPart, ClaimResult, Results};
use protocol::Plan;
use protocol::text::thousands;

/// Start and end of a generated table: `<!-- claims GRID ROW -->`.
const START: &str = "<!-- claims ";
const END: &str = "<!-- end -->";

/// Words of the tables in one language.
struct Words {
    header: &'static str,
    has_names: bool,
    outcome: fn(ClaimOutcome) -> &'static str,
    separator: &'static str,
}

const ENGLISH: Words = Words {
    header: "| claim | statement | left | right | difference, with bounds | outcome |\n|---|---|---:|---:|---:|---|\n",
    has_names: true,
    outcome: |outcome| match outcome {
        ClaimOutcome::Supported => "supported",
        ClaimOutcome::Refuted => "**refuted**",
        ClaimOutcome::Undecided => "undecided",
    },
    separator: " to ",
};

const KOREAN: Words = Words {
    header: "| 주장 | 왼쪽 | 오른쪽 | 차이와 한계 | 결과 |\n|---|---:|---:|---:|---|\n",
    has_names: false,
    outcome: |outcome| match outcome {
        ClaimOutcome::Supported => "지지됨",
        ClaimOutcome::Refuted => "**반박됨**",
        ClaimOutcome::Undecided => "미결정",
    },
    separator: " ~ ",
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Claims of the committed pack of a grid.
fn claims_of(grid: &str) -> Vec<ClaimResult> {
    let folder = tempfile::tempdir().unwrap();
    let pack = root().join(format!("results/reference/{grid}/{grid}.genbench"));
    let grid = unpack(&pack, folder.path(), &UnpackOptions::default()).unwrap().grid;
    let plan = Plan::read(&grid).unwrap();
    Results::read(grid, plan).claims().to_vec()
}

/// Claims of both chapters, judged once.
fn claims() -> &'static BTreeMap<&'static str, Vec<ClaimResult>> {
    static CLAIMS: OnceLock<BTreeMap<&str, Vec<ClaimResult>>> = OnceLock::new();
    CLAIMS.get_or_init(|| ["lecture_ch9", "lecture_ch10"].map(|grid| (grid, claims_of(grid))).into())
}

/// Numbers of a comparison: left side, right side, difference with its bounds.
fn numbers(part: &ClaimPart, words: &Words) -> [String; 3] {
    let Some(of) = part.estimate else { return ["—", "—", "—"].map(str::to_owned) };
    let bounds = match (of.low, of.high) == (of.difference, of.difference) {
        true => String::new(),
        false => format!(" ({}{}{})", short(of.low), words.separator, short(of.high)),
    };
    [short(of.left), short(of.right), short(of.difference) + &bounds]
}

/// A number with four significant digits, a count with all of them.
fn short(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        let sign = if value < 0.0 { "-" } else { "" };
        return format!("{sign}{}", thousands(value.abs() as u64));
    }
    let digits = (3 - value.abs().log10().floor() as i32).clamp(0, 9) as usize;
    match value.abs() {
        size if size < 1e-4 => format!("{value:.1e}"),
        _ => format!("{value:.digits$}").trim_end_matches('0').trim_end_matches('.').to_owned(),
    }
}

fn table(grid: &str, row: &str, words: &Words) -> String {
    let claims = &claims()[grid];
    let mut table = words.header.to_owned();
    let of_row = claims.iter().filter(|claim| claim.name.split(' ').next() == Some(row));
    for claim in of_row {
        let parts: Vec<[String; 3]> = claim.parts.iter().map(|part| numbers(part, words)).collect();
        let column = |at: usize| parts.iter().map(|part| part[at].as_str()).collect::<Vec<_>>().join("<br>");
        let name = claim.name.trim_start_matches(row).trim_start().replace("(broken)", "*(broken)*");
        let name = name.replace("(limit)", "*(limit)*");
        let statement = claim.statement.replace('|', "\\|");
        let first = if words.has_names { format!("{name} | `{statement}`") } else { format!("`{statement}`") };
        let [left, right, difference] = [column(0), column(1), column(2)];
        let outcome = (words.outcome)(claim.outcome);
        table += &format!("| {first} | {left} | {right} | {difference} | {outcome} |\n");
    }
    table
}

/// A page with its tables written again. `rows` collects the grid and row of each table.
fn updated(page: &str, words: &Words, rows: &mut Vec<(String, String)>) -> String {
    let mut parts = page.split(START);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (head, rest) = part.split_once(" -->\n").expect("a table of claims starts with its grid and row");
        let (grid, row) = head.split_once(' ').expect("a grid and a row");
        let (_, after) = rest.split_once(END).expect("a table of claims has an end");
        rows.push((grid.to_owned(), row.to_owned()));
        text += &format!("{START}{head} -->\n{}{END}{after}", table(grid, row, words));
    }
    text
}

/// To write the tables again: `GENBENCH_UPDATE_DOCS=1 cargo test -p genbench-analysis --test reference lecture`.
#[test]
fn tables_of_the_lecture_are_those_of_the_packs() {
    for (folder, words) in [("docs/lecture", ENGLISH), ("docs/lecture/ko", KOREAN)] {
        let mut rows = Vec::new();
        for chapter in ["chapter9.md", "chapter10.md"] {
            let path = root().join(folder).join(chapter);
            let page = fs::read_to_string(&path).unwrap();
            let updated = updated(&page, &words, &mut rows);
            if env::var_os("GENBENCH_UPDATE_DOCS").is_some() {
                fs::write(&path, updated).unwrap();
            } else {
                assert!(page == updated, "{} is out of date; GENBENCH_UPDATE_DOCS=1 updates it", path.display());
            }
        }
        let numbers: Vec<String> = rows.iter().map(|(_, row)| row.clone()).collect();
        assert_eq!(
            numbers,
            (1..=28).map(|row| row.to_string()).collect::<Vec<_>>(),
            "{folder}: one table for each row"
        );
    }
}

/// The name of a claim starts with its row. Every row of a measured chapter has a claim.
#[test]
fn every_claim_of_the_lecture_belongs_to_a_row() {
    for (grid, rows) in [("lecture_ch9", 1..=15), ("lecture_ch10", 16..=28)] {
        let claims = &claims()[grid];
        let row = |claim: &ClaimResult| claim.name.split(' ').next().and_then(|row| row.parse().ok());
        let claimed: BTreeSet<u32> = claims.iter().map(|claim| row(claim).unwrap_or_default()).collect();
        assert_eq!(claimed, rows.collect(), "{grid}");
    }
}
