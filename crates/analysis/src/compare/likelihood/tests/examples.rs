//! One example of each rule.

use protocol::{Compare, Kind, Likelihood};
use stats::Verdict;

use super::super::{End, Scope};
use super::fixture::{Made, Models, all_pairs, bound, exact, families, gap, log_p};
use crate::summary::Spread;

#[test]
fn a_lower_bound_above_an_exact_value_decides_and_below_it_nothing() {
    let models = families();
    let above = models.log_p("vae", "table");
    assert_eq!((above.row.verdict, above.ends), (Verdict::Better, Some((End::LowerBound, End::Exact))));
    assert_eq!(above.row.figure.as_ref().unwrap().name, "ais", "the bound with the smallest p-value");
    assert!((above.row.effect.unwrap() - 4.5).abs() < 0.05 && above.images == Some(10), "{above:?}");
    // Three lower bounds against the exact value, and the exact value against the upper end of the bracket.
    assert_eq!(above.readings, 4);
    assert_eq!(above.assumption, None);
    // The bracket of the VAE is below the exact value of NADE: -21.5 + 0.2 < -20.
    let below = models.log_p("vae", "nade");
    assert_eq!((below.row.verdict, below.ends), (Verdict::Worse, Some((End::Bracket, End::Exact))));
    assert_eq!(below.images, Some(10));
    let assumption = below.assumption.unwrap();
    assert!(assumption.contains("images drawn from vae: within 0.20 nats"), "{assumption}");
}

#[test]
fn brackets_decide_if_they_do_not_overlap() {
    let models = families();
    let apart = models.log_p("gan", "vae");
    assert_eq!(apart.row.verdict, Verdict::Worse);
    assert!(
        (apart.row.effect.unwrap() - (-29.6 + 21.5)).abs() < 0.1,
        "the upper end of one, the lower end of the other"
    );
    let with_gap = |mean: f64| vec![bound("ais", 10, mean), gap("ais_gap", "ais", 3.0)];
    let overlap = Models::default().with("a", &with_gap(-20.0)).with("b", &with_gap(-22.0)).log_p("b", "a");
    assert_eq!(overlap.row.verdict, Verdict::Undecided);
    assert!(overlap.row.reason.starts_with("undecided: the brackets overlap"), "{}", overlap.row.reason);
}

#[test]
fn two_lower_bounds_have_a_verdict_on_the_bound_alone() {
    let models = Models::default().with("a", &[bound("elbo", 40, -20.0)]).with("b", &[bound("elbo", 40, -22.0)]);
    let table = models.table();
    let on_bound = table.comparisons.iter().find(|one| one.scope != Scope::LogP).unwrap();
    assert_eq!((on_bound.row.verdict, on_bound.row.family), (Verdict::Worse, 1));
    let on_log_p = log_p(&table, "b", "a").unwrap();
    assert_eq!((on_log_p.row.verdict, on_log_p.ends, on_log_p.row.p_holm), (Verdict::Undecided, None, None));
    assert_eq!(on_log_p.row.reason, "undecided: neither variant has an exact value or an upper bound");
    // Another estimator, or another budget, is not compared.
    let other = Models::default().with("a", &[bound("elbo", 40, -20.0)]).with("b", &[bound("iwae_50", 40, -19.0)]);
    assert!(other.table().comparisons.iter().all(|one| one.scope == Scope::LogP));
}

#[test]
fn every_estimator_has_a_value_on_the_common_images() {
    let table = families().table();
    assert_eq!((table.images, table.has_several_estimators(), table.has_subset()), (Some(10), true, true));
    let common = |at: usize| table.rows[at].common.as_ref().unwrap();
    assert!(table.rows.iter().enumerate().all(|(at, _)| common(at).images == Some(10)));
    // The first ten images are harder or easier than all of them; the differences between models are not.
    let own = |at: usize| table.rows[at].own.mean;
    assert!((own(0) - common(0).mean).abs() > 0.1);
    assert!((common(1).mean - common(0).mean - 6.0).abs() < 0.05 && (own(1) - own(0) - 6.0).abs() < 0.05);
    assert_eq!((&table.rows[2].kind, table.rows[0].kind), (&Kind::LowerBound, Kind::Exact));
    let observed = &table.rows[5];
    assert!(observed.remarks[0].contains("observation model"), "{observed:?}");
    assert!((observed.own.upper.unwrap() - observed.own.mean - 0.4).abs() < 1e-9);
}

#[test]
fn without_terms_figures_on_different_images_are_not_compared() {
    let old = |images| Made { kept: false, ..exact(images, -20.0) };
    let models = Models::default().with("base", &[old(40)]).with("v", &[bound("ais", 10, -10.0)]);
    let table = models.table();
    let one = log_p(&table, "v", "base").unwrap();
    assert_eq!(one.row.verdict, Verdict::Undecided);
    assert!(one.row.reason.contains("the two took different images"), "{}", one.row.reason);
    assert_eq!((table.rows[0].common.as_ref(), table.rows[1].common.is_some()), (None, true));
    // On equally many images the errors of the two are combined as if the images were different ones.
    let one = Models::default().with("base", &[old(10)]).with("v", &[bound("ais", 10, -10.0)]).log_p("v", "base");
    assert_eq!((one.row.verdict, one.row.images_paired), (Verdict::Better, false));
}

#[test]
fn an_upper_bound_on_the_nll_is_a_lower_bound_on_the_log_likelihood() {
    let mut models = Models::default().with("base", &[exact(40, -20.0)]).with("v", &[exact(40, -18.0)]);
    models.variants[1].figures[0].figure.kind = Kind::UpperBound;
    let one = models.log_p("v", "base");
    assert_eq!((one.ends, one.row.verdict), (Some((End::LowerBound, End::Exact)), Verdict::Better));
}

#[test]
fn nothing_is_tested_before_all_seeds_have_run_and_lost_seeds_forbid_better() {
    let mut models = Models::default().with("base", &[exact(40, -20.0)]).with("v", &[exact(40, -10.0)]);
    assert_eq!(models.log_p("v", "base").row.verdict, Verdict::Better);
    let summed = &mut models.variants[1].figures[0];
    summed.trials.pop();
    summed.values.pop();
    summed.spread = Spread::of(&summed.values);
    let lost = models.log_p("v", "base").row;
    assert!(lost.verdict == Verdict::Undecided && lost.reason.contains("v lost 1 seed"), "{lost:?}");
    models.variants[1].trials[2].status = "not_run";
    let open = models.log_p("v", "base").row;
    assert!(open.p.is_none() && open.reason.contains("1 seed not run"), "{open:?}");
}

#[test]
fn exact_values_have_the_p_value_of_the_comparison_of_figures() {
    let models = families();
    let row = models.comparisons().rows.into_iter().find(|row| (&*row.variant, &*row.baseline) == ("nade", "table"));
    let (row, one) = (row.unwrap(), models.log_p("nade", "table"));
    assert!((row.p.unwrap() - one.row.p.unwrap()).abs() < 1e-12, "{:?} {:?}", row.p, one.row.p);
    assert!((row.effect.unwrap() + one.row.effect.unwrap()).abs() < 1e-12, "larger is better");
    // Six pairs, all of them with two ends that can decide.
    assert_eq!((one.row.family, one.readings), (6, 2));
}

#[test]
fn a_margin_makes_exact_values_equivalent() {
    let models = Models::default().with("base", &[exact(40, -20.0)]).with("v", &[exact(40, -20.01)]);
    let compare = Compare { margin: [("nll".to_owned(), 1.0)].into(), ..all_pairs() };
    assert_eq!(models.table_with(&compare).comparisons[0].row.verdict, Verdict::Equivalent);
}

#[test]
fn a_table_without_the_named_baseline_is_compared_with_its_first_variant() {
    let models = families();
    let compare = Compare { baseline: vec!["elsewhere".to_owned()], ..Compare::default() };
    let table = models.table_with(&compare);
    assert!(!table.comparisons.is_empty() && table.comparisons.iter().all(|one| one.row.baseline == "table"));
}

#[test]
fn figures_that_declare_nothing_have_no_row() {
    let mut models = families();
    for variant in &mut models.variants {
        variant.figures.iter_mut().for_each(|summed| summed.likelihood = None);
    }
    assert!(models.comparisons().likelihoods.is_empty());
    // A gap alone is no value.
    let alone = Models::default().with("v", &[gap("g", "ais", 0.1)]);
    assert!(alone.variants[0].figures[0].likelihood == Some(Likelihood::gap("ais")));
    assert!(alone.comparisons().likelihoods.is_empty());
}
