//! Table of the terminal.

use super::super::fixture::Fixture;
use super::super::{summary_text, superscript};

#[test]
fn the_terminal_table() {
    let fixture = Fixture::new();
    let results = fixture.results();
    let (summary, comparisons) = (results.summary(), results.comparisons());
    let text = summary_text(summary, comparisons, 100, false);
    assert!(!text.contains('\u{1b}'), "no colour without asking for it");
    assert!(summary_text(summary, comparisons, 100, true).contains("\u{1b}[1m"));
    insta::assert_snapshot!(text, @r"
    Families · digits · binary
    variant          seeds  lost          nll ↓   fid_proxy ↓           elbo ↑        iwae_50 ↑
                                           nats                           nats             nats
                                          exact      estimate      lower bound      lower bound
    independent        3/3   0/3      26.25 ± 0  4.10 ± 0.25¹               —²               —²
    nade               3/3   0/3  19.60 ± 0.25*  4.10 ± 0.25¹               —²               —²
    vae                3/3   0/3             —³  4.10 ± 0.25¹  ≥ -22.85 ± 0.25  ≥ -21.60 ± 0.25
    gan               2/3⁴   2/3             —⁵            4⁶               —⁷               —²
    nade hidden=500   0/3⁹     —            —¹⁰           —¹⁰              —¹⁰              —¹⁰

    variant          seeds  lost         collapsed ↓
                                            estimate
    independent        3/3   0/3                  —²
    nade               3/3   0/3                  —²
    vae                3/3   0/3                  —²
    gan               2/3⁴   2/3  0.50 [0.01, 0.99]⁸
    nade hidden=500   0/3⁹     —                 —¹⁰

    variant          seeds  lost          train ↑  parameters
                                         images/s       count
                                         estimate       exact
    independent        3/3   0/3  12000.10 ± 0.25          64
    nade               3/3   0/3  12000.10 ± 0.25          64
    vae                3/3   0/3  12000.10 ± 0.25          64
    gan               2/3⁴   2/3    12000.1 ± 1.3          64
    nade hidden=500   0/3⁹     —              —¹⁰         —¹⁰

    ¹ null floor 0.8 at n = 180
    ² not measured
    ³ has no exact density
    ⁴ seed 1 diverged: loss_d was not finite after step 60; seed 2 collapsed: samples cover 1 of 10
      modes
    ⁵ has no density
    ⁶ null floor 0.8 at n = 180; 1 seed collapsed: the mean is over the other seeds
    ⁷ has no encoder
    ⁸ samples cover 1 of 10 modes
    ⁹ seeds 0, 1, 2 not run: not started
    ¹⁰ no seed is done

    Families · digits, binary: log-likelihood on one scale
    variant      estimator  images            log p
    independent  nll           360    -26.25 ± 0.98
    nade         nll           360    -19.60 ± 0.99
    vae          elbo          360  ≥ -22.85 ± 0.99
                 iwae_50       360  ≥ -21.60 ± 0.99

    - nade is better than independent on log p: its nll (exact) is 6.7 nats (95% interval 5.2 to 8.1)
      above nll (exact) on 360 images.
    - vae is better than independent on log p: its iwae_50 (lower bound) is 4.7 nats (95% interval 3.2
      to 6.1) above nll (exact) on 360 images.
    Mean log-likelihood of test images in nats per image ± half of its 95% interval over seeds and
    images; larger is better. A value without a sign is exact. ≥ precedes a lower bound, which decides
    only if it is above another model's exact value or upper bound.

    Means over finished seeds that did not collapse. lost: failed or collapsed seeds, of the ended ones.
    ±: half of the mean's 95% confidence interval over seeds (Student's t); one seed has none. [ ]: 95%
    interval of a rate or share. ≥, ≤: bounds; the best bound need not be the best likelihood. *: better
    than the baseline, by the verdict of the comparison.
    ");
}

/// At every width no line is wider than the terminal, and no word is split.
#[test]
fn the_terminal_table_keeps_to_its_width() {
    let fixture = Fixture::new();
    let results = fixture.results();
    let (mut summary, comparisons) = (results.summary().clone(), results.comparisons());
    summary.variants[0].variant = "混合分布 模型 hidden=500 with a long label".into();
    let words = |text: &str| {
        let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        words.sort();
        words.dedup();
        words
    };
    let unlimited = summary_text(&summary, comparisons, usize::MAX, false);
    for width in [60, 80, 100] {
        let text = summary_text(&summary, comparisons, width, false);
        for line in text.lines() {
            assert!(protocol::text::columns(line) <= width, "{width}: {line}");
        }
        assert_eq!(words(&text), words(&unlimited), "{width}");
    }
    insta::assert_snapshot!(summary_text(&summary, comparisons, 60, false).lines().take(11).collect::<Vec<_>>().join("\n"), @r"
    Families · digits · binary
    variant                      seeds  lost          nll ↓
                                                       nats
                                                      exact
    混合分布 模型 hidden=500       3/3   0/3      26.25 ± 0
    with a long label
    nade                           3/3   0/3  19.60 ± 0.25*
    vae                            3/3   0/3             —³
    gan                           2/3⁴   2/3             —⁵
    nade hidden=500               0/3⁹     —            —¹⁰
    ");
}

/// Numbers of notes are those of the printed columns, without gaps.
#[test]
fn every_printed_note_has_a_printed_number() {
    let fixture = Fixture::new();
    let results = fixture.results();
    // The table of log-likelihoods has no column of its own for a figure.
    let comparisons = &crate::Comparisons { likelihoods: Vec::new(), ..results.comparisons().clone() };
    let mut summary = results.summary().clone();
    for variant in &mut summary.variants {
        for figure in &mut variant.figures {
            if figure.figure.name == "nll" {
                figure.figure.direction = protocol::Direction::Neither;
            }
        }
    }
    let text = summary_text(&summary, comparisons, 100, false);
    assert!(!text.contains("nll") && !text.contains("has no exact density"), "{text}");
    let (table, notes) = text.split_once("\n¹").expect("notes");
    for number in 1..=notes.lines().filter(|line| line.starts_with(['²', '³', '⁴', '⁵', '⁶', '⁷', '⁸'])).count() + 1
    {
        let mark = superscript(number);
        assert!(table.contains(&mark), "{mark} is not in\n{table}");
    }
}
