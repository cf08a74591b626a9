//! One scale of log-likelihood, on a committed pack with an exact model and bounds.

use analysis::pack::{UnpackOptions, unpack};
use analysis::{End, LikelihoodTable, Results, Scope};
use protocol::Plan;
use stats::Verdict;

use crate::pages::top;

#[test]
fn the_iwae_bound_of_the_vae_is_above_the_exact_value_of_nade() {
    let folder = tempfile::tempdir().unwrap();
    let pack = top().join("results/reference/quickstart/quickstart.genbench");
    let grid = unpack(&pack, folder.path(), &UnpackOptions::default()).unwrap().grid;
    let results = Results::read(grid.clone(), Plan::read(&grid).unwrap());
    let tables = &results.comparisons().likelihoods;
    let table = tables.iter().find(|table| table.has_several_estimators()).expect("a section with bounds");
    assert_eq!(
        values(table),
        [
            "independent data=digits nll exact 400 -25.22",
            "markov order=4 nll exact 400 -22.75",
            "nade hidden=100 nll exact 400 -19.04",
            "vae elbo lower_bound 400 -19.39",
            "vae iwae_50 lower_bound 400 -18.42",
        ]
    );
    let is_pair = |row: &analysis::Comparison| row.variant == "vae" && row.baseline == "nade hidden=100";
    let one = table.comparisons.iter().find(|one| one.scope == Scope::LogP && is_pair(&one.row)).expect("the pair");
    assert_eq!((one.row.verdict, one.ends), (Verdict::Better, Some((End::LowerBound, End::Exact))));
    assert_eq!((one.images, one.readings, one.row.images_paired), (Some(400), 2, true));
    // The ELBO alone, 0.35 nats below the exact value, would have decided nothing.
    assert!((one.row.effect.unwrap() - 0.622).abs() < 5e-4, "{:?}", one.row.effect);
}

/// NADE has the best exact value, and a VAE's lower bound is above it.
#[test]
fn the_first_screen_names_what_is_better_on_log_p() {
    let folder = tempfile::tempdir().unwrap();
    let pack = top().join("results/reference/quickstart/quickstart.genbench");
    let grid = unpack(&pack, folder.path(), &UnpackOptions::default()).unwrap().grid;
    let results = Results::read(grid.clone(), Plan::read(&grid).unwrap());
    let text = analysis::answer_text(&results, usize::MAX, false);
    let line = text.lines().find(|line| line.contains("But on log p")).expect("the VAE is better");
    assert!(line.contains("vae is better than nade hidden=100 on log p: its iwae_50 (lower bound)"), "{line}");
    assert_eq!(text.matches("But on log p").count(), 1, "the other section has one kind of figure: {text}");
}

fn values(table: &LikelihoodTable) -> Vec<String> {
    let row = |row: &analysis::LikelihoodRow| {
        let value = row.common.as_ref().expect("terms per image");
        assert_eq!(value, &row.own, "all estimators took the same images");
        let images = value.images.expect("a number of images");
        format!("{} {} {} {images} {:.2}", row.variant, row.figure.name, row.kind, value.mean)
    };
    table.rows.iter().map(row).collect()
}
