//! A small grid: run, add a measure, plan, sample and score.

use protocol::{Status, exit};

use crate::bench::{Bench, SMALL, measurements, outcome, read, value};

#[test]
fn a_run_writes_tables_and_a_report_and_a_second_run_changes_nothing() {
    let bench = Bench::with(SMALL);
    let first = bench.genbench(&["run", "grid.yaml"]);
    assert_eq!(first.code, i32::from(exit::DONE), "{first:?}");
    assert!(first.out.contains("report: ") && first.out.contains("independent"), "{}", first.out);
    for name in
        ["measurements.csv", "trials.csv", "summary.csv", "curves.csv", "costs.csv", "report.html", "summary.md"]
    {
        assert!(read(&bench.grid("small").file(name)).len() > 40, "{name} is written");
    }
    let vae = bench.trial_of("small", "vae");
    let traced = read(&vae.trace());
    for event in ["trace_started", "scalars", "validation", "trained", "measurement", "trace_ended"] {
        assert!(traced.contains(&format!("\"name\":\"{event}\"")), "{event} is traced");
    }
    assert_eq!(outcome(&vae).status, Status::Done);
    assert!(value(&vae, "elbo").is_some_and(|nats| (-64.0 * 0.7..0.0).contains(&nats)));
    let kept = |figure: &str| vae.per_image(figure, &serde_json::Value::Null).is_file();
    assert!(kept("elbo") && !kept("elbo_kl") && !kept("nll"), "likelihoods are kept per image");
    assert_eq!(value(&vae, "nll"), None);
    let why = measurements(&vae).into_iter().find(|figure| figure.name == "nll").and_then(|figure| figure.reason);
    assert!(why.is_some_and(|why| why.contains("bound")));

    let before = (read(&vae.outcome()), traced);
    let again = bench.genbench(&["run", "grid.yaml"]);
    assert_eq!(again.code, i32::from(exit::DONE), "{again:?}");
    assert_eq!((read(&vae.outcome()), read(&vae.trace())), before, "a finished trial is unchanged");
}

#[test]
fn an_added_measure_is_taken_without_training() {
    let bench = Bench::with(SMALL);
    assert_eq!(bench.genbench(&["run", "grid.yaml"]).code, i32::from(exit::DONE));
    let vae = bench.trial_of("small", "vae");
    let (elbo, checkpoint) = (value(&vae, "elbo"), modified(&vae.checkpoint().join("state.json")));
    std::fs::write(bench.path("grid.yaml"), SMALL.replace("[nll,", "[{name: iwae, k: 7}, nll,"))
        .expect("a written grid");
    let output = bench.genbench(&["measure", "grid.yaml"]);
    assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
    let iwae = value(&vae, "iwae_7").expect("the new measure was taken");
    assert!(iwae > elbo.expect("a VAE has an ELBO"), "{iwae} is tighter than {elbo:?}");
    assert_eq!(value(&vae, "elbo"), elbo);
    assert_eq!(modified(&vae.checkpoint().join("state.json")), checkpoint, "nothing was trained");
}

#[test]
fn plan_prints_the_next_step_of_each_trial() {
    let bench = Bench::with(SMALL);
    let fresh = bench.genbench(&["plan", "grid.yaml"]);
    assert_eq!(fresh.code, i32::from(exit::DONE), "{fresh:?}");
    let counts = fresh.out.lines().find(|line| line.contains(" trials: ")).expect("a summary").to_owned();
    assert!(counts.ends_with(" train") && !counts.contains(','), "{counts}");
    assert_eq!(bench.genbench(&["run", "grid.yaml", "--quiet"]).code, i32::from(exit::DONE));
    let done = bench.genbench(&["plan", "grid.yaml"]).out;
    assert!(done.contains(&counts.replace("train", "done")), "{done}");
    // The time of added seeds is estimated from the finished seed.
    let more = bench.genbench(&["plan", "grid.yaml", "--seeds", "0,1,2,3,4,5,6,7"]).out;
    assert!(more.contains(" of training by one worker for "), "{more}");
    let csv = bench.genbench(&["plan", "grid.yaml", "--format", "csv"]).out;
    assert!(csv.starts_with("trial,next,variant,section,model,data,seed,device,steps,file,line\n"), "{csv}");
    assert!(csv.lines().skip(1).all(|line| line.contains(",done,")), "{csv}");
    let json = bench.genbench(&["plan", "grid.yaml", "--format", "json"]).out;
    let line: serde_json::Value = serde_json::from_str(json.lines().next().expect("a trial")).expect("JSON");
    assert_eq!(line["next"], "done");
}

fn modified(path: &std::path::Path) -> std::time::SystemTime {
    std::fs::metadata(path).and_then(|known| known.modified()).expect("the file is there")
}

#[test]
fn sample_and_score_use_a_trained_model() {
    let bench = Bench::with(SMALL);
    assert_eq!(bench.genbench(&["run", "grid.yaml"]).code, i32::from(exit::DONE));
    let trial = bench.trial_of("small", "independent");
    let folder = trial.0.to_str().expect("a plain path");
    let output = bench.genbench(&["sample", folder, "--count", "9", "--out", "sheet.png"]);
    assert_eq!(output.code, 0, "{output:?}");
    assert!(std::fs::read(bench.path("sheet.png")).expect("a sheet").starts_with(b"\x89PNG"));
    let output = bench.genbench(&["score", folder, "test"]);
    let nats: Vec<f64> = output
        .out
        .lines()
        .skip(1)
        .map(|line| line.split(',').nth(1).expect("two columns").parse().expect("a number"))
        .collect();
    let mean = -nats.iter().sum::<f64>() / nats.len() as f64;
    let nll = value(&trial, "nll").expect("a table has an NLL");
    assert!((mean - nll).abs() < 1e-9, "{mean} scored, {nll} measured");

    // Images from a file: white is 1, black is 0, and binary pixels are unchanged.
    let idx = |count: u32, side: u32, pixels: &[u8]| {
        let mut bytes = vec![0, 0, 8, 3];
        [count, side, side].iter().for_each(|number| bytes.extend(number.to_be_bytes()));
        bytes.extend(pixels);
        bytes
    };
    let (black, white) = ([0; 64], [255; 64]);
    std::fs::write(bench.path("images"), idx(3, 8, &[black, white, black].concat())).expect("written");
    let output = bench.genbench(&["score", folder, "images"]);
    let rows: Vec<&str> = output.out.lines().skip(1).map(|line| line.split(',').nth(1).expect("two columns")).collect();
    assert_eq!(rows.len(), 3, "{output:?}");
    assert!(rows[0] == rows[2] && rows[0] != rows[1], "{rows:?}");
    std::fs::write(bench.path("small"), idx(1, 2, &[0; 4])).expect("written");
    let output = bench.genbench(&["score", folder, "small"]);
    assert_eq!(output.code, i32::from(exit::USAGE));
    assert!(output.err.contains("1 x 2 x 2") && output.err.contains("1 x 8 x 8"), "{output:?}");
}

#[test]
fn the_trace_has_the_scalars_of_the_run_and_spans_from_one() {
    let bench = Bench::with(SMALL);
    assert_eq!(bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]).code, i32::from(exit::DONE));
    let scalars = |model: &str| -> Vec<protocol::Event> {
        let trace = protocol::event::read_trace(&bench.trial_of("small", model).trace()).expect("a trace");
        let spans: Vec<u64> = trace.iter().filter_map(|event| event.span).collect();
        assert!(spans.first() == Some(&1) && spans.iter().all(|span| (1..1000).contains(span)), "{spans:?}");
        trace.into_iter().filter(|event| event.name == "scalars").collect()
    };
    let vae = scalars("vae");
    let has = |event: &protocol::Event, name: &str| event.number(name).is_some_and(|value| value.is_finite());
    assert!(vae.iter().all(|event| has(event, "learning_rate") && has(event, "images_per_s")), "{vae:?}");
    assert!(cfg!(not(target_os = "linux")) || vae.iter().all(|event| has(event, "memory_mib")));
    let norms: Vec<f64> = vae.iter().filter_map(|event| event.number("gradient_norm")).collect();
    assert!(norms.len() == 6 && norms.iter().all(|norm| *norm > 0.0), "one in ten of 60 steps: {norms:?}");
    let closed_form = scalars("independent");
    assert!(closed_form.iter().all(|event| !has(event, "gradient_norm") && !has(event, "learning_rate")));
    let curves = read(&bench.grid("small").file("curves.csv"));
    assert!(!curves.contains("gradient_norm") && !curves.contains("memory_mib"), "curves are the model's figures");
}
