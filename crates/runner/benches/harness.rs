//! Benches of the parts of `plan`, `table` and `regress` whose cost grows with the grid.

mod support;

use std::hint::black_box;
use std::time::Duration;

use analysis::gate::{Baseline, GateSettings, check};
use analysis::{Results, tables};
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use grid::{Overrides, load_and_plan};
use support::catalog::Small;
use support::results;

/// Planning from the file, as in `genbench plan`, and computation of the ids.
fn plan(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("there is a temporary folder");
    let file = folder.path().join("grid.yaml");
    let mut group = criterion.benchmark_group("plan");
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    // The same number of trials as few variants of many seeds, and as variants of one seed, which costs most.
    for (trials, seeds) in [(10_000, 10), (10_000, 1), (100_000, 10), (100_000, 1)] {
        std::fs::write(&file, results::grid(trials / seeds, seeds)).expect("a temporary folder can be written");
        group.throughput(Throughput::Elements(trials as u64));
        group.bench_function(BenchmarkId::new(format!("seeds_{seeds}"), trials), |bencher| {
            bencher.iter_with_large_drop(|| {
                let (_, plan) = load_and_plan(&file, &Small, &Overrides::default())
                    .unwrap_or_else(|mistakes| panic!("the bench's grid is wrong: {mistakes}"));
                assert_eq!(plan.trials.len(), trials);
                plan
            });
        });
    }
    let plan = results::planned(1_000, 10);
    group.throughput(Throughput::Elements(plan.trials.len() as u64));
    group.bench_function(BenchmarkId::new("ids", plan.trials.len()), |bencher| {
        bencher.iter(|| plan.trials.iter().map(|trial| trial.id().0.len()).sum::<usize>());
    });
    group.finish();
}

/// Finished trials: reading their folders, writing every table, checking them against a baseline.
fn finished(criterion: &mut Criterion) {
    for variants in [200, 2_000] {
        finished_of(criterion, variants);
    }
}

fn finished_of(criterion: &mut Criterion, variants: usize) {
    let folder = tempfile::tempdir().expect("there is a temporary folder");
    let plan = results::planned(variants, 5);
    let trials = plan.trials.len();
    let grid = results::write(folder.path(), &plan);
    let read = || Results::read(grid.clone(), plan.clone());
    let known = read();

    let mut group = criterion.benchmark_group("finished");
    group.sample_size(if variants > 200 { 10 } else { 20 }).throughput(Throughput::Elements(trials as u64));
    group.bench_function(BenchmarkId::new("records", trials), |bencher| bencher.iter_with_large_drop(read));
    group.bench_function(BenchmarkId::new("tables", trials), |bencher| {
        bencher.iter_batched(
            read,
            |results| tables(black_box(&results)).expect("a temporary folder can be written"),
            BatchSize::LargeInput,
        );
    });
    group.bench_function(BenchmarkId::new("figures", trials), |bencher| {
        bencher.iter_with_large_drop(|| Baseline::of(black_box(&known)));
    });
    let baseline = Baseline::of(&known);
    let (run, settings) = (Baseline::matching(&known, &baseline), GateSettings::of(&plan));
    group.bench_function(BenchmarkId::new("check", trials), |bencher| {
        bencher.iter(|| check(black_box(&baseline), black_box(&run), &settings).result());
    });
    group.finish();
}

criterion_group!(benches, plan, finished);
criterion_main!(benches);
