//! Process that times windows of work on request, for the comparison with PyTorch.
//!
//! `peers.py` starts one process per model and alternates its windows with those of PyTorch. Each line of input
//! requests a window: `train 2.0` requests two seconds of training. The process answers with the number of images and
//! the seconds. Without arguments, as from `cargo bench`, it only prints its usage.

use std::io::{BufRead, Write};
use std::path::Path;
use std::time::Instant;

use burn::prelude::Device;
use data::{DataShape, Noise, Split};
use engine::{Batch, GenerativeModel, Step, Trainer};
use protocol::Support;

/// Allocator of the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const USAGE: &str = "usage: peers SETTINGS IMAGES SIDE BATCH (see docs/benchmarks.md)";

fn main() {
    nn::threads::inside(run);
}

fn run() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [settings, images, side, batch] = arguments.as_slice() else {
        println!("{USAGE}");
        return;
    };
    let (side, batch): (usize, usize) = (side.parse().expect(USAGE), batch.parse().expect(USAGE));
    let settings: serde_json::Value = serde_json::from_str(settings).expect("settings in JSON");
    let models = zoo::built_in();
    let entry = models.find(settings["name"].as_str().expect("a name")).unwrap_or_else(|problem| panic!("{problem:?}"));
    let mut settings = settings;
    settings.as_object_mut().expect("a block").remove("name");
    let settings = (entry.resolve)(&settings).unwrap_or_else(|problems| panic!("{problems:?}"));
    let images = read(Path::new(images), side * side);
    let count = images.len();
    let mut shape = DataShape::new([1, side, side], Support::Binary, [count, 0, 0]);
    if (entry.check)(&settings, &shape).is_err() {
        // A model of two domains: the second domain is the inverted images in reverse order.
        shape.other = Some([1, side, side]);
    }
    let device = Device::flex().autodiff();
    let trainer = (entry.build)(&settings, &shape, 0, &device).expect("a model of such data");
    Work { trainer, images, two_domains: shape.other.is_some(), batch, device, steps: 0 }.serve();
}

/// Reads numbers in the native format of the machine.
fn read(path: &Path, image_len: usize) -> Split {
    let bytes = std::fs::read(path).expect("images");
    let pixels = bytes.chunks_exact(4).map(|one| f32::from_ne_bytes(one.try_into().expect("four bytes"))).collect();
    Split::new(pixels, image_len)
}

struct Work {
    trainer: Box<dyn Trainer>,
    images: Split,
    two_domains: bool,
    batch: usize,
    device: Device,
    steps: u64,
}

impl Work {
    fn serve(mut self) {
        println!("{}", self.trainer.snapshot().parameters());
        for line in std::io::stdin().lock().lines() {
            let line = line.expect("a line");
            let (what, seconds) = line.split_once(' ').expect("a kind of work and a number of seconds");
            let seconds: f64 = seconds.parse().expect("seconds");
            let (done, took) = match what {
                "train" => self.window(seconds, Self::train),
                "evaluate" => {
                    let model = self.trainer.snapshot();
                    self.window(seconds, |work| work.evaluate(&*model))
                }
                "sample" => {
                    let model = self.trainer.snapshot();
                    self.window(seconds, |work| work.sample(&*model))
                }
                "naive" => {
                    let model = self.trainer.snapshot();
                    self.window(seconds, |work| work.naive(&*model))
                }
                _ => panic!("{what} is not one of train, evaluate, sample, naive"),
            };
            println!("{done} {took}");
            std::io::stdout().flush().expect("a reader");
        }
    }

    /// Repeats `work`, which returns its number of images, until the time is up.
    fn window(&mut self, seconds: f64, mut work: impl FnMut(&mut Self) -> usize) -> (usize, f64) {
        let (start, mut done) = (Instant::now(), 0);
        while start.elapsed().as_secs_f64() < seconds {
            done += work(self);
        }
        (done, start.elapsed().as_secs_f64())
    }

    fn indices(&self) -> Vec<usize> {
        let first = self.steps as usize * self.batch;
        (first..first + self.batch).map(|index| index % self.images.len()).collect()
    }

    /// Returns the next batch, with images of the second domain for a model of two domains.
    fn next(&self) -> Split {
        let mut images = self.images.select(&self.indices());
        if self.two_domains {
            let reversed: Vec<usize> = (0..images.len()).rev().collect();
            let mut other = images.select(&reversed);
            other.pixels.iter_mut().for_each(|pixel| *pixel = 1.0 - *pixel);
            images.other = Some(Box::new(other));
        }
        images
    }

    fn train(&mut self) -> usize {
        let batch = Batch::new(self.next(), &self.device);
        let at = Step { index: self.steps, lr_factor: 1.0, seed: 0 };
        let _read = self.trainer.step(&batch, &at).read();
        self.steps += 1;
        self.batch
    }

    /// Computes log-densities or a bound; if the model has neither, features, or translations in both directions.
    fn evaluate(&mut self, model: &dyn GenerativeModel) -> usize {
        let images = self.next();
        self.steps += 1;
        if let Some(density) = model.density() {
            density.log_density(&images);
        } else if let Some(bound) = model.bound() {
            bound.elbo(&images, &mut Noise::new(0, "peers", self.steps));
        } else if let Some(encoder) = model.encoder() {
            encoder.encode(&images);
        } else if let (Some(translator), Some(other)) = (model.translator(), &images.other) {
            translator.forth(&images);
            translator.back(other);
        }
        self.batch
    }

    fn sample(&mut self, model: &dyn GenerativeModel) -> usize {
        self.steps += 1;
        let sampler = model.sampler().expect("a model with samples");
        sampler.sample(self.batch, &mut Noise::new(0, "peers", self.steps)).len()
    }

    /// Samples with one full pass per pixel. It draws few images, as the cost per image does not depend on their
    /// number.
    fn naive(&mut self, model: &dyn GenerativeModel) -> usize {
        let model = model.autoregressive().expect("an autoregressive model");
        let uniforms = Noise::new(0, "peers", 0).uniforms(self.batch.min(4) * self.images.image_len);
        model.sample_naive(&uniforms).len()
    }
}
