//! Tables for papers, of a small grid.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use protocol::{Compare, GridDir, Pairs, Plan};

use super::{Markup, typeset};
use crate::compare::Marks;
use crate::results::Results;
use crate::tables::fixture::Fixture;
use crate::tables::{Board, Class};

fn named(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn latex_has_rules_intervals_and_a_caption() {
    let results = Fixture::new().results();
    insta::assert_snapshot!(typeset(&results, Markup::Latex, &named(&["nll", "collapsed"])).unwrap(), @r"
    % \usepackage{booktabs}
    \begin{table}
      \centering
      \caption{Families, digits \ensuremath{\cdot} binary (grid small). Means over the seeds that finished and did not collapse. \ensuremath{\pm}: half of the 95\% confidence interval over seeds (Student's t). Brackets: 95\% interval of a rate or share. Bold: better than the baseline, by the verdict of the comparison. Test: Welch's t-test over seeds and test images, Fisher's exact test for rates of seeds, two-sided, corrected by Holm for all comparisons with the baseline of a figure on the data set, level 5\%. n, the images, draws or windows behind a value: 360 (nll, collapsed).}
      \label{tab:small-families-digits}
      \begin{tabular}{lrrr}
        \toprule
        variant & seeds & nll \ensuremath{\downarrow} & collapsed \ensuremath{\downarrow} \\
         &  & nats &  \\
         &  & exact & estimate \\
        \midrule
        independent & $3/3$ & $26.25 \pm 0$ & ---\textsuperscript{1} \\
        nade & $3/3$ & $\mathbf{19.60 \pm 0.25}$ & ---\textsuperscript{1} \\
        vae & $3/3$ & ---\textsuperscript{2} & ---\textsuperscript{1} \\
        gan & $1/3$\textsuperscript{3} & ---\textsuperscript{4} & $0.50 \;[0.01, 0.99]$\textsuperscript{5} \\
        nade hidden=500 & $0/3$\textsuperscript{6} & ---\textsuperscript{7} & ---\textsuperscript{7} \\
        \bottomrule
      \end{tabular}

      \smallskip\raggedright\footnotesize
      \textsuperscript{1}~not measured\par
      \textsuperscript{2}~has no exact density\par
      \textsuperscript{3}~seed 1 diverged: loss\_d was not finite after step 60; seed 2 collapsed: samples cover 1 of 10 modes\par
      \textsuperscript{4}~has no density\par
      \textsuperscript{5}~samples cover 1 of 10 modes\par
      \textsuperscript{6}~seeds 0, 1, 2 not run: not started\par
      \textsuperscript{7}~no seed is done\par
    \end{table}
    ");
}

#[test]
fn markdown_and_html_have_the_same_cells() {
    let results = Fixture::new().results();
    let figures = named(&["nll", "fid_proxy"]);
    insta::assert_snapshot!(typeset(&results, Markup::Markdown, &figures).unwrap(), @r"
    | variant | seeds | nll ↓<br>nats<br>exact | fid\_proxy ↓<br>estimate |
    |---|---:|---:|---:|
    | independent | 3/3 | 26.25 ± 0 | 4.10 ± 0.25¹ |
    | nade | 3/3 | **19.60 ± 0.25** | 4.10 ± 0.25¹ |
    | vae | 3/3 | —² | 4.10 ± 0.25¹ |
    | gan | 1/3³ | —⁴ | 4⁵ |
    | nade hidden=500 | 0/3⁶ | —⁷ | —⁷ |

    Families, digits · binary (grid small). Means over the seeds that finished and did not collapse. ±: half of the 95% confidence interval over seeds (Student's t). Bold: better than the baseline, by the verdict of the comparison. Test: Welch's t-test over seeds and test images, two-sided, corrected by Holm for all comparisons with the baseline of a figure on the data set, level 5%. n, the images, draws or windows behind a value: 360 (nll); 180 (fid\_proxy).

    ¹ null floor 0.8 at n = 180<br>
    ² has no exact density<br>
    ³ seed 1 diverged: loss\_d was not finite after step 60; seed 2 collapsed: samples cover 1 of 10 modes<br>
    ⁴ has no density<br>
    ⁵ null floor 0.8 at n = 180; 1 seed collapsed: the mean is over the other seeds<br>
    ⁶ seeds 0, 1, 2 not run: not started<br>
    ⁷ no seed is done<br>
    ");
    insta::assert_snapshot!(typeset(&results, Markup::Html, &figures).unwrap(), @r#"
    <table id="small-families-digits">
    <caption>Families, digits · binary (grid small). Means over the seeds that finished and did not collapse. ±: half of the 95% confidence interval over seeds (Student&#39;s t). Bold: better than the baseline, by the verdict of the comparison. Test: Welch&#39;s t-test over seeds and test images, two-sided, corrected by Holm for all comparisons with the baseline of a figure on the data set, level 5%. n, the images, draws or windows behind a value: 360 (nll); 180 (fid_proxy).</caption>
    <thead>
    <tr><th scope="col">variant</th><th scope="col">seeds</th><th scope="col">nll ↓<br>nats<br>exact</th><th scope="col">fid_proxy ↓<br>estimate</th></tr>
    </thead>
    <tbody>
    <tr><th scope="row">independent</th><td>3/3</td><td>26.25 ± 0</td><td>4.10 ± 0.25<sup>1</sup></td></tr>
    <tr><th scope="row">nade</th><td>3/3</td><td><strong>19.60 ± 0.25</strong></td><td>4.10 ± 0.25<sup>1</sup></td></tr>
    <tr><th scope="row">vae</th><td>3/3</td><td>—<sup>2</sup></td><td>4.10 ± 0.25<sup>1</sup></td></tr>
    <tr><th scope="row">gan</th><td>1/3<sup>3</sup></td><td>—<sup>4</sup></td><td>4<sup>5</sup></td></tr>
    <tr><th scope="row">nade hidden=500</th><td>0/3<sup>6</sup></td><td>—<sup>7</sup></td><td>—<sup>7</sup></td></tr>
    </tbody>
    </table>
    <ol>
    <li>null floor 0.8 at n = 180</li>
    <li>has no exact density</li>
    <li>seed 1 diverged: loss_d was not finite after step 60; seed 2 collapsed: samples cover 1 of 10 modes</li>
    <li>has no density</li>
    <li>null floor 0.8 at n = 180; 1 seed collapsed: the mean is over the other seeds</li>
    <li>seeds 0, 1, 2 not run: not started</li>
    <li>no seed is done</li>
    </ol>
    "#);
}

/// Results in which every trial without a value is in a section of its own.
fn with_a_failed_section(fixture: &Fixture, name: &str) -> Results {
    let mut plan = fixture.plan.clone();
    for trial in plan.trials.iter_mut().filter(|trial| trial.variant == "nade hidden=500") {
        trial.section = Some(name.to_owned());
    }
    Results::read(fixture.grid.clone(), plan)
}

#[test]
fn a_section_without_a_value_states_its_seeds_and_reasons() {
    let fixture = Fixture::new();
    for figures in [&[][..], &["nll"]] {
        let results = with_a_failed_section(&fixture, "Broken");
        let text = typeset(&results, Markup::Markdown, &named(figures)).unwrap();
        let (_, last) = text.rsplit_once("| variant |").unwrap();
        assert!(last.starts_with(" seeds |") && last.contains("0/3¹") && last.contains("not started"), "{text}");
    }
}

#[test]
fn equal_labels_are_numbered() {
    let results = with_a_failed_section(&Fixture::new(), "(Families)");
    let text = typeset(&results, Markup::Latex, &[]).unwrap();
    let labels: Vec<&str> = text.lines().filter_map(|line| line.trim().strip_prefix("\\label")).collect();
    assert_eq!(labels, ["{tab:small-families-digits}", "{tab:small-families-digits-2}"]);
}

#[test]
fn columns_are_in_the_order_of_the_names() {
    let results = Fixture::new().results();
    for names in [["nll", "fid_proxy"], ["fid_proxy", "nll"]] {
        let text = typeset(&results, Markup::Html, &named(&names)).unwrap();
        let at = names.map(|name| text.find(&format!("<th scope=\"col\">{name}")).unwrap());
        assert!(at[0] < at[1], "{names:?}");
    }
    let problem = typeset(&results, Markup::Html, &named(&["NLL"])).unwrap_err();
    assert_eq!(problem.message, "no variant has a figure `NLL`");
    assert!(problem.help.unwrap().starts_with("did you mean `nll`? Figures: "));
}

#[test]
fn a_grid_without_lost_seeds_states_them_once() {
    let fixture = Fixture::new();
    let trials =
        fixture.plan.trials.iter().filter(|trial| !trial.variant.contains("gan") && !trial.variant.contains(' '));
    let plan = Plan {
        compare: Compare { pairs: Pairs::All, ..Compare::default() },
        ..Plan::new("small", trials.cloned().collect())
    };
    let text = typeset(&Results::read(fixture.grid.clone(), plan), Markup::Markdown, &named(&["nll"])).unwrap();
    assert!(text.starts_with("| variant | nll ↓<br>nats<br>exact |\n"), "no column of seeds: {text}");
    assert!(
        text.contains("Means over 3 seeds of each variant") && text.contains("corrected by Holm for all pairs"),
        "{text}"
    );
    assert!(
        text.contains("Bold: no comparison calls it worse than another variant") && text.contains("n, the images"),
        "{text}"
    );
}

#[test]
fn an_unknown_figure_is_refused_with_the_nearest_name() {
    let results = Fixture::new().results();
    let problem = typeset(&results, Markup::Latex, &named(&["nll", "fid_proxi"])).unwrap_err();
    assert!(problem.help.unwrap().starts_with("did you mean `fid_proxy`?"));
}

/// The cells in bold are those that the verdicts mark, and no others.
#[test]
fn bold_cells_are_the_marked_ones() {
    let results = Fixture::new().results();
    let marks = Marks::of(results.comparisons());
    let board = Board::of(results.summary(), results.comparisons());
    let columns = || board.groups.iter().flat_map(|group| group.columns.iter().map(move |column| (group, column)));
    let shown = columns().filter(|(_, column)| column.class != Class::Other);
    let marked = shown.flat_map(|(group, column)| group.rows.iter().map(move |row| (row, column)));
    let marked = marked.filter(|(row, column)| marks.contains(&row.variant, &column.figure)).count();
    assert!(marked > 0);
    for (markup, bold) in [(Markup::Latex, "\\mathbf{"), (Markup::Markdown, " **"), (Markup::Html, "<strong>")] {
        assert_eq!(typeset(&results, markup, &[]).unwrap().matches(bold).count(), marked, "{markup:?}");
    }
}

/// Results of a plan whose names are `name`.
pub(in crate::export) fn with_name(fixture: &Fixture, name: &str) -> Results {
    let mut plan = fixture.plan.clone();
    for trial in &mut plan.trials {
        trial.section = Some(name.to_owned());
        trial.variant = format!("{name} {}", trial.variant);
    }
    Results::read(GridDir(fixture.grid.0.clone()), plan)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

    /// Names change neither the number of rows and cells nor the balance of groups.
    #[test]
    fn names_do_not_change_the_structure(name in any::<String>()) {
        let fixture = Fixture::new();
        let results = with_name(&fixture, &name);
        let latex = typeset(&results, Markup::Latex, &named(&["nll"])).unwrap();
        let plain = typeset(&fixture.results(), Markup::Latex, &named(&["nll"])).unwrap();
            let separators = |text: &str| text.matches(" & ").count();
        prop_assert_eq!(separators(&latex), separators(&plain));
        prop_assert_eq!(latex.matches(" \\\\\n").count(), plain.matches(" \\\\\n").count());
        let html = typeset(&results, Markup::Html, &named(&["nll"])).unwrap();
        let document = format!("<page>{html}</page>").replace("<br>", "<br/>");
        let parsed = roxmltree::Document::parse(&document).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(parsed.descendants().filter(|node| node.has_tag_name("tr")).count(), 6);
    }
}
