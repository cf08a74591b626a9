//! Tests of the trend page.

use super::*;
use crate::gate::MachineClass;
use crate::gate::tests::{elbo, fid};
use crate::report::browser_tests::check_in_chromium;
use crate::summary::Figure;

/// A history of 40 runs of two variants, with steps for the worse and for the better, a machine that changes and a variant that
/// ends.
fn long_history() -> Vec<HistoryEntry> {
    let wave = |at: usize, seed: usize| [0.0, 0.6, -0.4, 0.3, -0.7, 0.5, -0.1][(at * 3 + seed + at / 5) % 7];
    let speed = || Figure { volatile: true, unit: protocol::Unit::One, name: "steps_per_second".into(), ..elbo() };
    let entry = |at: usize| {
        let of = |figure: Figure, mean: f64, spread: f64, seed: usize| {
            let middle = mean + 0.03 * spread * wave(at, seed);
            values(figure, &[middle - spread, middle, middle + spread])
        };
        let loss = if (18..30).contains(&at) { 0.57 } else { 0.0 };
        let gain = if at >= 25 { 1.4 } else { 0.0 };
        let late = if at >= 39 { 0.9 } else { 0.0 };
        let mut variants = vec![
            variant(
                "nade hidden=50",
                vec![of(nll(), 19.0 + loss, 0.2, 1), of(fid(), 1.5 + late, 0.1, 2), of(speed(), 900.0, 20.0, 3)],
            ),
            variant("vae <b>, latent_dimensions=16", vec![of(elbo(), -24.0 + gain, 0.4, 4), of(fid(), 2.5, 0.3, 5)]),
        ];
        if at < 12 {
            variants.push(variant("gan", vec![of(fid(), 4.0, 0.3, 6)]));
        }
        let cpu = if at < 20 { "AMD EPYC" } else { "Intel Xeon" };
        HistoryEntry {
            made_by: format!("commit {:012x}", 0x1234_5678_9abc_u64 * (at as u64 + 3) % (1 << 48)),
            ended_unix_ms: 1_790_000_000_000 + 86_400_000 * at as u64,
            machine: MachineClass { cpu: cpu.into(), ..MachineClass::default() },
            ..HistoryEntry::of(&baseline(variants))
        }
    };
    (0..40).map(entry).collect()
}

#[test]
fn the_page_lists_steps_by_direction_with_their_commits() {
    let entries = long_history();
    let page = history_page(&entries, "0.1.0").unwrap();
    for (title, words, at) in [
        ("Worse", "worse by 0.57", 18),
        ("Better", "better by 1.4", 25),
        ("Better", "better by 0.57", 30),
        ("Unconfirmed", "unconfirmed: worse by 0.9", 39),
    ] {
        let list = &page[page.find(&format!("<dt>{title}</dt>")).unwrap_or_else(|| panic!("{title}"))..];
        let list = &list[..list.find("</dl>").unwrap()];
        let (found, place) = (list.find(words), format!("since {}, run {}", entries[at].made_by, at + 1));
        let item = &list[found.unwrap_or_else(|| panic!("{words} in {list}"))..];
        assert!(item[..item.find("</li>").unwrap()].contains(&place), "{place} in {item}");
    }
    assert!(page.contains("vae &lt;b&gt;") && !page.contains("<script") && page.contains("Content-Security-Policy"));
    assert!(page.contains("1 series") || page.contains("2 series"), "the GAN and the speed of the first machine");
    assert!(page.contains("2026-09-21") && page.contains("Intel Xeon"));
    assert!(page.contains("is longer than the plot") || page.contains("<line class=\"bar\""));
}

#[test]
fn every_value_is_a_point_and_a_cell() {
    let entries = long_history();
    let page = history_page(&entries, "0.1.0").unwrap();
    let values: usize = series(&entries).iter().map(|one| one.values.len()).sum();
    assert_eq!(page.matches("<circle class=\"run\"").count(), values);
    let steps: usize = series(&entries).iter().map(|one| one.steps.len()).sum();
    assert_eq!(page.matches("<line class=\"ref\"").count(), steps);
    assert!(page.len() < 400_000, "{}", page.len());
}

#[test]
fn a_history_of_one_run_has_a_page() {
    let page = history_page(&entries()[..1], "0.1.0").unwrap();
    assert!(page.contains("No figure has changed for good") && page.contains("1 run: commit 0"), "{page}");
    assert!(history_page(&[], "0.1.0").unwrap().contains("No runs"));
}

#[test]
fn the_page_passes_the_checks_in_chromium() {
    let page = |entries: &[HistoryEntry]| history_page(entries, "0.1.0").unwrap();
    check_in_chromium(&[("history", page(&long_history())), ("history_of_one_run", page(&entries()[..1]))]);
}
