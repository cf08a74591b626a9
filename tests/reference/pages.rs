//! Numbers in the tables of a page that no committed table and no pack has.

use std::fs;
use std::path::{Path, PathBuf};

use crate::figures::{Group, files, groups, of_pack};
use crate::printed::{Printed, numbers};

/// Folders whose figures are in no committed table; `results/README.md` states why.
const WITHOUT_TABLE: [&str; 2] = ["mnist_samples_small", "scaling"];

pub(crate) fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Folders under `results/reference`, by name.
pub(crate) fn folders() -> Vec<(String, PathBuf)> {
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    files(&top().join("results/reference"))
        .into_iter()
        .filter(|path| path.is_dir())
        .map(|path| (name(&path), path))
        .collect()
}

/// Rows of the tables of a page with their numbers. Numbers of the first column are names unless they count parameters, and
/// so are those of a column `evidence`, which states settings.
fn rows(page: &str) -> Vec<(String, Vec<Printed>)> {
    let mut rows = Vec::new();
    for table in page.split("\n\n").filter(|part| part.contains("|--")) {
        let mut lines = table.lines().filter(|line| line.starts_with('|'));
        let cells = |line: &str| {
            line.trim().trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>()
        };
        let header = cells(lines.next().unwrap_or_default());
        for line in lines.skip(1) {
            // `\|` is part of a text.
            let cells = cells(&line.replace("\\|", "/"));
            let figures = cells.iter().zip(&header).skip(1).filter(|(_, column)| column.as_str() != "evidence");
            let mut found: Vec<Printed> = figures.flat_map(|(cell, _)| numbers(cell)).collect();
            if let Some((_, rest)) = cells[0].split_once('(').filter(|(_, rest)| rest.contains("parameters")) {
                found.extend(numbers(rest));
            }
            rows.push((line.to_owned(), found));
        }
    }
    rows
}

/// The numbers of a row that are in none of the groups, or in no group that has the others.
fn missing<'p>(numbers: &'p [Printed], groups: &[Group]) -> Vec<&'p Printed> {
    let without =
        |of: &[&Group]| numbers.iter().filter(|one| !of.iter().any(|group| group.has(one))).collect::<Vec<_>>();
    let alone = groups.iter().map(|group| without(&[group]));
    // Two variants of one model, such as one that is trained without a digit; or two scores.
    let pairs = groups.iter().enumerate().flat_map(|(at, one)| groups[at + 1..].iter().map(move |other| (one, other)));
    let together = pairs
        .filter(|(one, other)| !one.family.is_empty() && one.family == other.family)
        .map(|(one, other)| without(&[one, other]));
    alone.chain(together).min_by_key(Vec::len).unwrap_or_else(|| numbers.iter().collect())
}

/// A line for each number of a page that is missing.
fn faults(page: &str, groups: &[Group]) -> Vec<(String, String)> {
    let all = rows(page).into_iter().flat_map(|(row, numbers)| {
        let texts: Vec<String> = missing(&numbers, groups).into_iter().map(|one| one.text.clone()).collect();
        texts.into_iter().map(move |text| (text, row.clone()))
    });
    all.collect()
}

#[test]
fn every_number_of_a_reference_page_is_in_its_tables() {
    let mut faulty = Vec::new();
    // Tables of sums: `calibration.rs` computes them again.
    for (name, folder) in folders().into_iter().filter(|(name, _)| name != "calibration") {
        let (page, groups) = (fs::read_to_string(folder.join("README.md")).unwrap(), groups(&folder));
        assert_eq!(groups.is_empty(), WITHOUT_TABLE.contains(&name.as_str()), "{name}: WITHOUT_TABLE is out of date");
        if groups.is_empty() {
            continue;
        }
        let missing = faults(&page, &groups).into_iter();
        faulty.extend(missing.map(|(number, row)| format!("{name}/README.md: no table has {number}\n    {row}")));
    }
    assert!(faulty.is_empty(), "{}", faulty.join("\n"));
}

#[test]
fn the_quickstart_of_the_readme_is_that_of_its_pack() {
    let page = fs::read_to_string(top().join("README.md")).unwrap();
    let (quickstart, _) = page.split_once("## Two commands").unwrap();
    let groups = of_pack(&top().join("results/reference/quickstart/quickstart.genbench"));
    assert!(rows(quickstart).iter().map(|(_, numbers)| numbers.len()).sum::<usize>() >= 15, "the tables are found");
    let faults = faults(quickstart, &groups);
    assert!(faults.is_empty(), "{faults:#?}");
}

/// The test of the test: a page in which one digit is wrong.
#[test]
fn a_wrong_digit_is_found() {
    let (mut changed, mut found) = (0, 0);
    let others = ["lecture_ch9", "lecture_ch10", "calibration"];
    for (name, folder) in folders().into_iter().filter(|(name, _)| !others.contains(&name.as_str())) {
        let (page, groups) = (fs::read_to_string(folder.join("README.md")).unwrap(), groups(&folder));
        if groups.is_empty() {
            continue;
        }
        for (_, numbers) in rows(&page) {
            for at in 0..numbers.len() {
                let digits = numbers[at].text.split(' ').next().unwrap().chars().filter(char::is_ascii_digit).count();
                if digits < 3 || !numbers[at].text.contains('.') {
                    continue;
                }
                let mut wrong = numbers.clone();
                wrong[at].value.value += 6.0 * wrong[at].value.error;
                changed += 1;
                let f = missing(&wrong, &groups).len() > missing(&numbers, &groups).len();
                if !f {
                    println!("    {} {:?}", wrong[at].text, wrong[at].value);
                }
                found += usize::from(f);
            }
        }
        println!("{name}: {found} of {changed}");
    }
    let share = f64::from(found as u32) / f64::from(changed as u32);
    assert!(changed > 200 && share > 0.9, "{found} of {changed}");
}
