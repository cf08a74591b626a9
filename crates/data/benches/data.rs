//! Benchmarks of drawing, loading, batching and scoring images, which a worker does before and between its steps.

use std::fs;
use std::hint::black_box;
use std::path::Path;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use data::{BinarizeMode, DataConfig, Digits, ExactDensity, Idx, Ising, Mesh, Split};

const BATCH: usize = 64;
/// Size of MNIST images, and a sixth of their training images.
const IDX_SIDE: u32 = 28;
const IDX_IMAGES: u32 = 10_000;

/// A torus; 16 is the largest side whose images are drawn independently.
fn ising(side: usize, counts: [usize; 3]) -> Ising {
    let [train, validation, test] = counts;
    Ising { height: side, width: side, train, validation, test, ..Ising::default() }
}

fn mesh(side: usize, counts: [usize; 3]) -> Mesh {
    let [train, validation, test] = counts;
    Mesh { height: side, width: side, train, validation, test, ..Mesh::default() }
}

fn sample(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("sample");
    group.sample_size(10);
    // Time of the set-up, and time per image.
    for counts in [[1, 1, 1], [400, 50, 50]] {
        let images = counts.iter().sum::<usize>();
        group.throughput(Throughput::Elements(images as u64));
        group.bench_function(BenchmarkId::new("ising_torus_16x16", images), |bencher| {
            bencher.iter_with_large_drop(|| ising(16, counts).load().expect("the settings are right"));
        });
    }
    group.throughput(Throughput::Elements(7_000));
    group.bench_function(BenchmarkId::new("mesh_16x16", 7_000), |bencher| {
        bencher.iter_with_large_drop(|| mesh(16, [4_000, 1_000, 2_000]).load().expect("the settings are right"));
    });
    group.finish();
}

fn load(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("there is a temporary folder");
    write_idx(folder.path());
    let path = folder.path().to_str().expect("the temporary folder has a plain name").to_owned();
    let idx = Idx { path, ..Idx::default() };
    let mut group = criterion.benchmark_group("load");
    for binarize in [BinarizeMode::Threshold, BinarizeMode::Static] {
        let digits = Digits { binarize, ..Digits::default() };
        group.throughput(Throughput::Elements(1_797));
        group.bench_function(format!("digits_{}", format!("{binarize:?}").to_lowercase()), |bencher| {
            bencher.iter_with_large_drop(|| digits.load().expect("the digits are embedded"));
        });
    }
    group.sample_size(20).throughput(Throughput::Bytes(u64::from(2 * IDX_IMAGES * IDX_SIDE * IDX_SIDE)));
    group.bench_function(BenchmarkId::new("idx_28x28", 2 * IDX_IMAGES), |bencher| {
        bencher.iter_with_large_drop(|| idx.load().expect("the files are whole"));
    });
    group.finish();
}

/// Writes uncompressed images without labels, equally many for training and test.
fn write_idx(folder: &Path) {
    let mut file = vec![0, 0, 8, 3];
    file.extend([IDX_IMAGES, IDX_SIDE, IDX_SIDE].iter().flat_map(|size| size.to_be_bytes()));
    file.extend((0..IDX_IMAGES * IDX_SIDE * IDX_SIDE).map(|at| (at % 251) as u8));
    for name in ["train-images-idx3-ubyte", "t10k-images-idx3-ubyte"] {
        fs::write(folder.join(name), &file).expect("a temporary folder can be written");
    }
}

fn batch(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("batch");
    group.throughput(Throughput::Elements(BATCH as u64));
    for binarize in [BinarizeMode::Threshold, BinarizeMode::Dynamic] {
        let digits = Digits { binarize, ..Digits::default() }.load().expect("the digits are embedded");
        let indices: Vec<_> = (0..BATCH).map(|index| index * 17 % digits.train.len()).collect();
        let name = format!("digits_{}", format!("{binarize:?}").to_lowercase());
        let mut step = 0;
        group.bench_function(BenchmarkId::new(name, BATCH), |bencher| {
            bencher.iter(|| {
                step += 1;
                digits.batch(black_box(&indices), step)
            });
        });
    }
    group.finish();
}

fn log_density(criterion: &mut Criterion) {
    let counts = [1, 1, 100];
    let of_ising = ising(16, counts);
    let of_mesh = mesh(16, counts);
    let cases: [(&str, Box<dyn ExactDensity>, Split); 2] = [
        (
            "ising_torus_16x16",
            Box::new(of_ising.density().expect("the settings are right")),
            of_ising.load().expect("the settings are right").test,
        ),
        (
            "mesh_16x16",
            Box::new(of_mesh.density().expect("the settings are right")),
            of_mesh.load().expect("the settings are right").test,
        ),
    ];
    let mut group = criterion.benchmark_group("log_density");
    for (name, density, images) in cases {
        group.throughput(Throughput::Elements(images.len() as u64));
        group.bench_function(BenchmarkId::new(name, images.len()), |bencher| {
            bencher.iter(|| images.images().map(|image| density.log_density(black_box(image))).sum::<f64>());
        });
    }
    group.finish();
}

criterion_group!(benches, sample, load, batch, log_density);
criterion_main!(benches);
