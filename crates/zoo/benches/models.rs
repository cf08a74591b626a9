//! Benchmark of every model of the registry on 28x28 images: one training step, evaluation, sampling.
//!
//! The data come from the pixel chain, so that nothing is read from disk. Settings are the defaults. The benchmark uses
//! one thread, as a worker of a grid does.

use std::hint::black_box;
use std::time::Duration;

use burn::prelude::Device;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use data::{Dataset, Noise};
use engine::{Batch, Step};
use serde_json::json;
use zoo::MODELS;

const BATCH: usize = 64;

fn chain() -> Dataset {
    let sets = data::built_in();
    let entry = sets.find("chain").expect("registered");
    let settings = json!({"height": 28, "width": 28, "train": 512, "validation": 64, "test": 64});
    let set = (entry.open)(&settings, &sets).expect("settings of the chain");
    set.load().expect("a chain can be drawn")
}

fn models(criterion: &mut Criterion) {
    // One thread: the pool is built before the first model uses it.
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().expect("nothing ran before");
    let data = chain();
    let device = Device::flex().autodiff();
    for entry in MODELS {
        let Ok(mut trainer) = (entry.build)(&(entry.defaults)(), &data.shape, 0, &device) else { continue };
        let mut group = criterion.benchmark_group(entry.name);
        group.sample_size(10).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3));
        group.throughput(Throughput::Elements(BATCH as u64));
        let indices: Vec<usize> = (0..BATCH).collect();
        let mut index = 0;
        group.bench_function("train_step", |bencher| {
            bencher.iter_batched(
                || Batch::new(data.batch(&indices, 0), &device),
                |batch| {
                    index += 1;
                    trainer.step(&batch, &Step { index, lr_factor: 1.0, seed: 0 }).read()
                },
                BatchSize::SmallInput,
            );
        });
        if (entry.closed_form)(&(entry.defaults)()) {
            trainer.finish(&data.validation);
        }
        let model = trainer.snapshot();
        let images = data.test.take(BATCH);
        if let Some(density) = model.density() {
            group.bench_function("log_density", |bencher| bencher.iter(|| density.log_density(black_box(&images))));
        } else if let Some(bound) = model.bound() {
            group.bench_function("elbo", |bencher| {
                bencher.iter(|| bound.elbo(black_box(&images), &mut Noise::new(0, "bench", 0)));
            });
        }
        if let Some(sampler) = model.sampler() {
            group.bench_function("sample", |bencher| {
                bencher.iter(|| sampler.sample(BATCH, &mut Noise::new(0, "bench", 0)));
            });
        }
        group.finish();
    }
}

criterion_group!(benches, models);
criterion_main!(benches);
