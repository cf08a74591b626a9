//! Audits of made-up scores.

use super::*;

fn scored(images: usize, seed: u64, fault: &str, share: f64, score: &str, value: Option<f64>) -> Score {
    Score {
        images,
        seed,
        fault: fault.into(),
        share,
        jsd_nats: share / 2.0,
        jsd_se_nats: 0.001,
        score: score.into(),
        value,
        higher_is_better: score == "precision",
    }
}

/// At 100 images `fid` misorders the samplers in one seed; `precision` ranks correctly; `copies` is absent once.
fn case() -> Vec<Score> {
    let mut all = Vec::new();
    for images in [100, 400] {
        for seed in [0, 1] {
            for (fault, share) in [("none", 0.0), ("blur", 0.2), ("blur", 0.9), ("memory", 0.4), ("memory", 1.0)] {
                let wrong = images == 100 && seed == 1 && share == 0.2;
                let fid = if wrong { 9.0 } else { share };
                all.push(scored(images, seed, fault, share, "fid", Some(fid)));
                all.push(scored(images, seed, fault, share, "precision", Some(1.0 - share)));
                all.push(scored(images, seed, fault, share, "copies", (share < 0.9).then_some(share)));
            }
        }
    }
    all
}

#[test]
fn a_score_is_trusted_if_it_ranks_as_the_divergence_in_every_seed() {
    let agreements = agreements(&case());
    let of = |score: &str, images: usize| {
        let found = agreements.iter().find(|one| one.score == score && one.images == images);
        found.unwrap().all
    };
    assert_eq!(of("precision", 100), Some(RankCorrelation { mean: 1.0, lowest: 1.0, highest: 1.0 }));
    let fid = of("fid", 100).unwrap();
    // Ranks 1 5 2 3 4 in place of 1 2 3 4 5: 1 - 6 (9 + 1 + 1 + 1) / (5 x 24) = 0.4.
    assert!((fid.lowest - 0.4).abs() < 1e-12 && (fid.mean - 0.7).abs() < 1e-12 && fid.highest == 1.0, "{fid:?}");
    assert_eq!(of("copies", 400), None);
    let trusted = ["precision", "fid", "copies"].map(|score| trusted_from(&agreements, score));
    assert_eq!(trusted, [Some(100), Some(400), None]);
}

#[test]
fn a_score_that_fails_with_more_images_is_not_trusted() {
    let mut case = case();
    case.iter_mut().filter(|one| one.images == 400 && one.score == "precision").for_each(|one| {
        one.higher_is_better = false;
    });
    assert_eq!(trusted_from(&agreements(&case), "precision"), None);
}

#[test]
fn the_files_are_written() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &case()).unwrap();
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    insta::assert_snapshot!(read("audit.md"), @r"
    # Metric audit

    ## Samplers

    | fault | share | JSD, nats (of ln 2 = 0.693) |
    |---|---:|---:|
    | none | 0 | 0.0000 ± 0.0010 |
    | blur | 0.2 | 0.1000 ± 0.0010 |
    | blur | 0.9 | 0.4500 ± 0.0010 |
    | memory | 0.4 | 0.2000 ± 0.0010 |
    | memory | 1 | 0.5000 ± 0.0010 |

    ## Scores

    Spearman's rank correlation with the divergence, over all samplers and over the shares of one fault: mean of 2 seeds (lowest of any seed). A score is trusted from the number of images at which the lowest is 0.9 or more. `-`: the score has no value, or the same value for all samplers.

    | score | images | all | blur | memory | trusted |
    |---|---:|---:|---:|---:|---|
    | fid | 100 | 0.70 (0.40) | 0.75 (0.50) | 1.00 (1.00) | from 400 images |
    |  | 400 | 1.00 (1.00) | 1.00 (1.00) | 1.00 (1.00) |  |
    | precision | 100 | 1.00 (1.00) | 1.00 (1.00) | 1.00 (1.00) | from 100 images |
    |  | 400 | 1.00 (1.00) | 1.00 (1.00) | 1.00 (1.00) |  |
    | copies | 100 | - | - | - | no |
    |  | 400 | - | - | - |  |
    ");
    let table = read("agreement.csv");
    assert_eq!(table.lines().next(), Some("score,images,fault,spearman_mean,spearman_least,spearman_most"));
    assert_eq!(table.lines().filter(|line| line.starts_with("copies,400,all,,,")).count(), 1, "{table}");
    assert_eq!(read("scores.csv").lines().count(), 1 + case().len());
    let svg = read("audit.svg");
    // A dot for each score and number of images that has a correlation, and the two of the legend.
    assert_eq!(svg.matches("<circle").count(), 2 + 4);
}

/// `kid` exchanges two of five samplers in one of two feature spaces; `copies` has no features, `score` only one.
#[test]
fn the_agreement_of_feature_spaces_is_that_of_their_ranks() {
    let mut all = Vec::new();
    for seed in [0, 1] {
        for (at, (fault, share)) in
            [("none", 0.0), ("blur", 0.2), ("blur", 0.9), ("memory", 0.4), ("memory", 1.0)].into_iter().enumerate()
        {
            let (order, other) = (at as f64, [0.0, 1.0, 2.0, 4.0, 3.0][at]);
            let values = [("kid (pixels)", Some(order)), ("kid (random)", Some(other)), ("copies", Some(order))];
            let values = values.into_iter().chain([("score (pixels)", Some(1.0)), ("score (random)", None)]);
            all.extend(values.map(|(score, value)| scored(100, seed, fault, share, score, value)));
        }
    }
    let found = feature_agreements(&all);
    let rho = |score: &str| found.iter().find(|one| one.score == score).and_then(|one| one.correlation);
    // Two adjacent ranks are exchanged: 1 - 6 x 2 / (5 x 24) = 0.9.
    assert!((rho("kid").unwrap().mean - 0.9).abs() < 1e-12);
    assert_eq!((rho("score"), found.len()), (None, 2));
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &all).unwrap();
    let text = std::fs::read_to_string(folder.path().join("audit.md")).unwrap();
    assert!(
        text.contains("| score | images | pixels, random |\n|---|---:|---:|\n| kid | 100 | 0.90 (0.90) |"),
        "{text}"
    );
    let table = std::fs::read_to_string(folder.path().join("features.csv")).unwrap();
    assert_eq!(table.lines().nth(2), Some("score,100,pixels,random,,,"));
}
