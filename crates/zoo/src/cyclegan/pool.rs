//! Pool of earlier translations. The discriminators are shown them again, so that they do not forget them.

use std::path::Path;

use ::nn::{load_module, save_module};
use burn::module::{Module, Param};
use burn::prelude::*;
use data::Noise;
use engine::{RecordError, Saved};
use protocol::atomic;

/// Pool of at most `size` images on the device.
#[derive(Clone)]
pub(super) struct Pool {
    images: Stored,
    /// Number of rows that hold an image.
    filled: usize,
    size: usize,
}

/// Images as a module, `[images, pixels]`, so that they are saved like one.
#[derive(Module, Debug)]
struct Stored {
    images: Param<Tensor<2>>,
}

impl Stored {
    fn new(images: Tensor<2>) -> Self {
        Self { images: Param::from_tensor(images).set_require_grad(false) }
    }
}

impl Pool {
    pub(super) fn new(size: usize, pixels: usize, device: &Device) -> Self {
        Self { images: Stored::new(Tensor::zeros([size.max(1), pixels], device)), filled: 0, size }
    }

    /// Exchanges images with the pool. Until the pool is full, images are stored and returned. Then each image is
    /// returned with probability 1/2; otherwise it replaces a stored image, which is returned instead (Shrivastava et
    /// al., 2017, section 2.3, as in CycleGAN).
    pub(super) fn exchange(&mut self, images: Tensor<2>, noise: &mut Noise) -> Tensor<2> {
        if self.size == 0 {
            return images;
        }
        let (kept, shown) = self.decide(images.dims()[0], noise);
        let rows = |rows: Vec<i32>| {
            let count = rows.len();
            Tensor::<1, Int>::from_data(TensorData::new(rows, [count]), &images.device())
        };
        let all = Tensor::cat(vec![self.images.images.val(), images.clone()], 0);
        self.images = Stored::new(all.clone().select(0, rows(kept)).detach());
        all.select(0, rows(shown))
    }

    /// Chooses the rows to keep and the rows to show, among those of the pool followed by the images.
    fn decide(&mut self, count: usize, noise: &mut Noise) -> (Vec<i32>, Vec<i32>) {
        let mut kept: Vec<i32> = (0..self.size as i32).collect();
        let shown = (0..count).map(|image| {
            let own = (self.size + image) as i32;
            if self.filled < self.size {
                kept[self.filled] = own;
                self.filled += 1;
                return own;
            }
            if noise.bernoulli(0.5) {
                return own;
            }
            std::mem::replace(&mut kept[noise.below(self.size)], own)
        });
        let shown = shown.collect();
        (kept, shown)
    }
}

impl Saved for Pool {
    fn save(&mut self, dir: &Path, name: &str) -> Result<(), RecordError> {
        let path = dir.join(format!("{name}.json"));
        atomic::write_json(&path, &self.filled).map_err(|error| RecordError::new(&path, error))?;
        save_module(&self.images, dir, name)
    }

    fn load(&mut self, dir: &Path, name: &str) -> Result<(), RecordError> {
        let path = dir.join(format!("{name}.json"));
        self.filled = atomic::read_json(&path).map_err(|error| RecordError::new(&path, error))?;
        let loaded = load_module(self.images.clone(), dir, name)?;
        self.images = Stored::new(loaded.images.val().detach());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns images of one pixel with the numbers of `range`.
    fn numbered(range: std::ops::Range<usize>, device: &Device) -> Tensor<2> {
        let numbers: Vec<f32> = range.clone().map(|number| number as f32).collect();
        Tensor::from_data(TensorData::new(numbers, [range.len(), 1]), device)
    }

    fn numbers(images: Tensor<2>) -> Vec<f32> {
        ::nn::to_host(images)
    }

    #[test]
    fn a_pool_shows_stored_images_once_full_and_loses_none() {
        let device = Device::flex().autodiff();
        let mut pool = Pool::new(5, 1, &device);
        let mut noise = Noise::new(0, "test", 0);
        // Until the pool is full, the images are returned.
        assert_eq!(numbers(pool.exchange(numbered(0..4, &device), &mut noise)), [0.0, 1.0, 2.0, 3.0]);
        let mut all_shown = vec![0.0, 1.0, 2.0, 3.0];
        let mut old = 0;
        for step in 1..50 {
            let shown = numbers(pool.exchange(numbered(4 * step..4 * step + 4, &device), &mut noise));
            old += shown.iter().filter(|number| **number < 4.0 * step as f32).count();
            all_shown.extend(shown);
        }
        assert!((70..130).contains(&old), "{old} of 196 were older: about half");
        // All images outside of the pool were shown; those shown while it filled may have been shown twice.
        let held = numbers(pool.images.images.val());
        all_shown.sort_by(f32::total_cmp);
        all_shown.dedup();
        let all = (0..200).map(|number| number as f32);
        assert!(all.filter(|number| !all_shown.contains(number)).all(|number| held.contains(&number)));
    }

    #[test]
    fn a_pool_survives_saving() {
        let device = Device::flex().autodiff();
        let folder = tempfile::tempdir().expect("a folder");
        let mut pool = Pool::new(6, 1, &device);
        pool.exchange(numbered(0..8, &device), &mut Noise::new(0, "test", 0));
        pool.save(folder.path(), "pool").expect("saved");
        let mut again = Pool::new(6, 1, &device);
        again.load(folder.path(), "pool").expect("loaded");
        let draw = |pool: &mut Pool| numbers(pool.exchange(numbered(8..20, &device), &mut Noise::new(1, "test", 0)));
        assert_eq!(draw(&mut pool), draw(&mut again));
    }
}
