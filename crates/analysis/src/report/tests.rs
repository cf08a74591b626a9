//! The page of a small grid, and properties of every page.

use std::fs;

use protocol::{GridDir, Plan, atomic};

use super::context::ReportContext;
use super::write::report;
use crate::results::Results;
use crate::store::Record;
use crate::tables::fixture::{Fixture, read};

fn context() -> ReportContext {
    ReportContext {
        genbench: "0.1.0 (abc1234)".into(),
        lock_sha256: Some("ab".repeat(32)),
        command: Some("genbench run experiments/small.yaml".into()),
        reload_s: None,
    }
}

fn page(grid: &GridDir, plan: &Plan, records: &[Record]) -> String {
    let results = Results::of(grid.clone(), plan.clone(), records.to_vec());
    let written = report(&results, &context()).unwrap();
    assert_eq!(written.markdown, grid.file("summary.md"));
    fs::read_to_string(written.html).unwrap()
}

/// Checks that every tag is closed in order; `Err` names the first that is not.
fn balanced(html: &str) -> Result<(), String> {
    const VOID: [&str; 6] = ["meta", "img", "!DOCTYPE", "br", "col", "wbr"];
    let mut open = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let end = rest[start..].find('>').ok_or("a tag without an end")? + start;
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        let name = tag.trim_start_matches('/').split([' ', '/', '\n']).next().unwrap_or_default();
        if tag.starts_with('/') {
            let last = open.pop();
            if last != Some(name) {
                return Err(format!("</{name}> closes {last:?}"));
            }
        } else if !tag.ends_with('/') && !VOID.contains(&name) {
            open.push(name);
        }
    }
    if open.is_empty() { Ok(()) } else { Err(format!("{open:?} are left open")) }
}

#[test]
fn the_check_of_tags_finds_unbalanced_tags() {
    assert_eq!(balanced("<p>a<br><b>c</b></p>"), Ok(()));
    assert!(balanced("<p><b>c</p></b>").is_err());
    assert!(balanced("<p>").is_err());
}

#[test]
fn costs_are_listed_if_traces_record_them() {
    let fixture = Fixture::new();
    let page = || page(&fixture.grid, &fixture.plan, &fixture.records());
    assert!(!page().contains("<h2>Costs"));
    fixture.spend(0);
    let line = "Measures took 2.5 s (25.0%) of 10.0 s of work: fid_proxy 2.5 s; feature extractors 1.0 s (10.0%).";
    assert!(page().contains("<h2>Costs") && page().contains(line));
    assert_eq!(page().matches("measure fid_proxy").count(), 1);
    let costs = report(&fixture.results(), &context()).unwrap().costs;
    assert_eq!(costs.to_string(), line);
}

#[test]
fn the_page_is_complete_and_self_contained() {
    let fixture = Fixture::new();
    fixture.spend(0);
    let html = page(&fixture.grid, &fixture.plan, &fixture.records());
    assert_eq!(balanced(&html), Ok(()));
    for word in ["http:", "https:", "<link", "@import", "url(", "fetch(", "XMLHttpRequest"] {
        assert!(!html.contains(word), "{word} in a page that must need no network");
    }
    assert_eq!(html.matches("<script").count(), 1);
    assert_eq!(html.matches(" src=\"").count(), html.matches(" src=\"data:image/png;base64,").count());
    assert!(html.contains("default-src 'none'; img-src data:;"), "the page allows no request");
    let trials = fixture.plan.trials.iter().map(|trial| trial.id().0);
    let shown = [
        "11 of 15 trials done (1 collapsed), 1 failed, 3 not run; 5 variants",
        "≥ -22.85 ± 0.25",
        "loss_d was not finite after step 60",
        "has no exact density",
        "18446744073709551615",
        "data:image/png;base64,",
        "samples of nade, seed 0",
        "1077 training, 360 validation and 360 test images of 1x8x8",
        "name: small",
        "genbench run experiments",
        "nll, validation, against step",
        "<h2>Comparisons</h2>",
        "undecided: corrected p = ",
        "gan lost 2 seeds (failed or collapsed): the means are over the other seeds",
        "no seed of nade hidden=500 is done",
    ];
    for text in trials.chain(shown.map(str::to_owned)) {
        assert!(html.contains(&text), "{text} is not on the page");
    }
}

#[test]
fn text_of_users_is_escaped() {
    let mut fixture = Fixture::new();
    let evil = "<script>alert(\"1\")</script>&{{ 7 * 7 }}";
    for trial in fixture.plan.trials.iter_mut().filter(|trial| trial.variant == "nade") {
        trial.variant = evil.into();
        trial.section = Some(evil.into());
    }
    fixture.plan.about = evil.into();
    fixture.plan.grid = evil.into();
    atomic::write(&fixture.grid.grid_yaml(), evil.as_bytes()).unwrap();
    let html = page(&fixture.grid, &fixture.plan, &fixture.records());
    assert_eq!(balanced(&html), Ok(()));
    assert!(
        html.matches("<script").count() == 1
            && html.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;{{ 7 * 7 }}")
    );
    assert!(!read(&fixture.grid, "summary.md").contains("<script"));
}

/// Nothing that is written for others names a folder of the machine, except the names that the user chose.
#[test]
fn no_file_has_an_absolute_path() {
    let mut fixture = Fixture::new();
    let local = "/home/me/secret/mnist";
    for trial in &mut fixture.plan.trials {
        let mut data = (*trial.data).clone();
        data.config["path"] = local.into();
        trial.data = data.into();
    }
    let ids: Vec<_> = fixture.plan.trials.iter().map(protocol::Trial::id).collect();
    let outcome = protocol::Outcome {
        trial: ids[0].clone(),
        status: protocol::Status::Crashed {
            signal: None,
            code: Some(12),
            tail: format!("panicked at {local}/lib.rs:7:1: no file ({local})"),
        },
        ..Fixture::new().records()[0].outcome.clone().unwrap()
    };
    let dir = fixture.grid.trial(&ids[0]);
    atomic::write_json(&dir.outcome(), &outcome).unwrap();
    let panic = format!(
        r#"{{"v":1,"unix_ms":1,"at_s":0.1,"attempt":1,"kind":"event","level":"ERROR","name":"panic","fields":{{"message":"panicked at {local}/x.rs:1:1"}}}}"#
    );
    atomic::write(&dir.trace(), format!("{panic}\n").as_bytes()).unwrap();
    atomic::write(&fixture.grid.grid_yaml(), format!("data: {{name: idx, path: {local}}}\n").as_bytes()).unwrap();
    let results = crate::Results::read(fixture.grid.clone(), fixture.plan.clone());
    let command = Some(format!("{local}/genbench run {local}/grid.yaml --results={local}"));
    let written = crate::report(&results, &ReportContext { command, ..ReportContext::default() }).unwrap();
    let mut texts: Vec<String> = crate::tables(&results)
        .unwrap()
        .iter()
        .chain([&written.html, &written.markdown])
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    texts.push(crate::export::chrome(results.records()).unwrap());
    texts.push(crate::export::junit(results.plan(), results.records()));
    texts.push(crate::summary_text(results.summary(), results.comparisons(), 80, false));
    let runs = tempfile::tempdir().unwrap();
    for file in
        crate::export::tensorboard(results.records(), runs.path(), crate::export::Replaces::Grid("small")).unwrap()
    {
        texts.push(String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned());
    }
    assert!(texts.iter().any(|text| text.contains("…/lib.rs:7:1")), "the reason is there");
    for text in texts {
        let text = text.replace("&#x2f;", "/");
        assert!(!text.contains("/home/me"), "{}", &text[text.find("/home/me").unwrap().saturating_sub(200)..]);
    }
}

#[test]
fn a_page_without_results_counts_none() {
    let fixture = Fixture::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let grid = GridDir::new(elsewhere.path(), "small");
    let records = crate::store::records(&grid, &fixture.plan);
    let html = page(&grid, &fixture.plan, &records);
    assert_eq!(balanced(&html), Ok(()));
    assert!(html.contains("0 of 15 trials done, 0 failed, 15 not run"));
    let body = &html[..html.find("<script").unwrap()];
    assert!(!body.contains("NaN") && !body.contains(">inf"));
    let nothing = Plan { trials: vec![], facts: vec![], ..fixture.plan.clone() };
    assert_eq!(balanced(&page(&grid, &nothing, &[])), Ok(()));
}

#[test]
fn variants_have_columns_in_a_side_by_side_section() {
    let mut fixture = Fixture::new();
    fixture.plan.side_by_side = vec!["Families".into()];
    let facts = fixture.plan.trials.iter().map(|trial| trial.variant.clone()).step_by(3);
    let fact =
        |fact: String| protocol::Fact { section: Some("Families".into()), fact, ..fixture.plan.facts[0].clone() };
    fixture.plan.facts = facts.map(fact).collect();
    let html = page(&fixture.grid, &fixture.plan, &fixture.records());
    assert_eq!(balanced(&html), Ok(()));
    let table = &html[html.find("<table class=\"side-by-side\">").unwrap()..];
    let cut = |text: &str| table.find(text).unwrap_or_else(|| panic!("{text} is not on the page"));
    // One row of heads, then descriptions, figures and pictures with one cell per variant.
    let order =
        ["<table class=\"side-by-side\">", ">description<", ">seeds</th>", ">nll ↓", "<th scope=\"row\">samples</th>"];
    assert!(order.map(cut).is_sorted(), "{:?}", order.map(cut));
    assert!(!html.contains("Exact counts and identities"), "the columns contain the facts");
}

#[test]
fn an_unreadable_trace_is_listed_on_the_page() {
    let fixture = Fixture::new();
    let id = fixture.plan.trials[0].id();
    let whole = std::fs::read(fixture.records()[1].dir.trace()).unwrap();
    atomic::write(&fixture.grid.trial(&id).trace(), &[b"nonsense\n", &whole[..]].concat()).unwrap();
    let html = page(&fixture.grid, &fixture.plan, &fixture.records());
    assert!(html.contains("Some files could not be read") && html.contains(&format!("trace of trial {id}")));
}

#[test]
fn the_summary_as_markdown() {
    let fixture = Fixture::new();
    page(&fixture.grid, &fixture.plan, &fixture.records());
    insta::assert_snapshot!(read(&fixture.grid, "summary.md"), @r"
    ## small

    A fixture, for tests.

    11 of 15 trials done (1 collapsed), 1 failed, 3 not run; 5 variants.

    ### Families · digits · binary

    | variant | seeds | lost | nll ↓<br>nats, exact | fid\_proxy ↓<br>estimate | elbo ↑<br>nats, lower bound | iwae\_50 ↑<br>nats, lower bound | collapsed ↓<br>estimate | train ↑<br>images/s, estimate | parameters<br>count, exact |
    |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|
    | independent | 3/3 | 0/3 | 26.25 ± 0 | 4.10 ± 0.25¹ | —² | —² | —² | 12000.10 ± 0.25 | 64 |
    | nade | 3/3 | 0/3 | **19.60 ± 0.25** | 4.10 ± 0.25¹ | —² | —² | —² | 12000.10 ± 0.25 | 64 |
    | vae | 3/3 | 0/3 | —³ | 4.10 ± 0.25¹ | ≥ -22.85 ± 0.25 | ≥ -21.60 ± 0.25 | —² | 12000.10 ± 0.25 | 64 |
    | gan | 2/3⁴ | 2/3 | —⁵ | 4⁶ | —⁷ | —² | 0.50 [0.01, 0.99]⁸ | 12000.1 ± 1.3 | 64 |
    | nade hidden=500 | 0/3⁹ | — | —¹⁰ | —¹⁰ | —¹⁰ | —¹⁰ | —¹⁰ | —¹⁰ | —¹⁰ |

    ¹ null floor 0.8 at n = 180<br>
    ² not measured<br>
    ³ has no exact density<br>
    ⁴ seed 1 diverged: loss\_d was not finite after step 60; seed 2 collapsed: samples cover 1 of 10 modes<br>
    ⁵ has no density<br>
    ⁶ null floor 0.8 at n = 180; 1 seed collapsed: the mean is over the other seeds<br>
    ⁷ has no encoder<br>
    ⁸ samples cover 1 of 10 modes<br>
    ⁹ seeds 0, 1, 2 not run: not started<br>
    ¹⁰ no seed is done<br>

    ### Families · digits, binary: log-likelihood on one scale

    | variant | estimator | images | log p |
    |---|---|---:|---:|
    | independent | nll (exact) | 360 | -26.25 ± 0.98 |
    | nade | nll (exact) | 360 | -19.60 ± 0.99 |
    | vae | elbo (lower bound) | 360 | ≥ -22.85 ± 0.99 |
    | vae | iwae\_50 (lower bound) | 360 | ≥ -21.60 ± 0.99 |

    - nade is better than independent on log p: its nll (exact) is 6.7 nats (95% interval 5.2 to 8.1) above nll (exact) on 360 images.
    - vae is better than independent on log p: its iwae\_50 (lower bound) is 4.7 nats (95% interval 3.2 to 6.1) above nll (exact) on 360 images.

    Mean log-likelihood of test images in nats per image ± half of its 95% interval over seeds and images; larger is better. A value without a sign is exact. ≥ precedes a lower bound, which decides only if it is above another model's exact value or upper bound.

    Means over seeds that did not collapse ± half of the mean's 95% confidence interval (Student's t). Brackets: 95% interval of a rate or share. ≥ and ≤ precede bounds. Lost: failed or collapsed seeds, of the ended ones. **Bold**: better than the baseline, by the verdict of the comparison.

    | unfinished or collapsed | seed | trial | status | reason |
    |---|---:|---|---|---|
    | gan | 1 | c4f66cc85e92 | diverged | loss\_d was not finite after step 60 |
    | gan | 2 | 8e0b84c3574c | collapsed | samples cover 1 of 10 modes |
    | nade hidden=500 | 0 | cca389a0afef | not run | not started |
    | nade hidden=500 | 1 | 0f6748463e4a | not run | not started |
    | nade hidden=500 | 2 | 64a83a797994 | not run | not started |
    ");
}

/// With `GENBENCH_KEEP_PAGE=FOLDER` the test leaves a copy of the page in that folder, for inspection.
#[test]
fn the_page_can_be_written_again() {
    let fixture = Fixture::new();
    let html = page(&fixture.grid, &fixture.plan, &fixture.records());
    assert_eq!(page(&fixture.grid, &fixture.plan, &fixture.records()), html, "the second page is the same");
    if let Some(folder) = std::env::var_os("GENBENCH_KEEP_PAGE") {
        atomic::write(&std::path::Path::new(&folder).join("report.html"), html.as_bytes()).unwrap();
    }
}

#[test]
fn only_a_watched_page_loads_itself_again() {
    let fixture = Fixture::new();
    let context = ReportContext { reload_s: Some(5), ..ReportContext::default() };
    let written = crate::watched_report(&fixture.results(), &context).unwrap();
    assert_eq!(written.trials, "11 of 15 trials done (1 collapsed), 1 failed, 3 not run; 5 variants");
    let reload = "<meta http-equiv=\"refresh\" content=\"5\">";
    assert!(std::fs::read_to_string(&written.html).unwrap().contains(reload));
    assert!(!fixture.grid.file("summary.md").exists() && !fixture.grid.file("summary.csv").exists());
    crate::watched_report(&fixture.results(), &ReportContext::default()).unwrap();
    let page = std::fs::read_to_string(&written.html).unwrap();
    assert!(!page.contains("http-equiv=\"refresh\"") && !page.contains("loads itself again"));
    // Results without a record are a page as well.
    let empty = crate::Results::read(protocol::GridDir(fixture.grid.0.join("none")), fixture.plan.clone());
    assert!(crate::watched_report(&empty, &context).unwrap().trials.starts_with("0 of 15 trials done"));
}
