//! Conditional probability tables, fitted by counting.
//!
//! p(x) = prod_i p(x_i | parents of x_i). Every pixel has a table with one cell per state of its parents; the number of
//! free parameters is the sum over pixels of 2^parents. With the k preceding pixels as parents it is
//! 2^k - 1 + (n - k) 2^k for n pixels; without parents it is n.

use data::{DataShape, Noise, Split};
use engine::{
    Autoregressive, Batch, Conditionals, ExplicitDensity, Family, GenerativeModel, LossGradient, Part, Sampler,
    Scalars, Step, Trainer,
};
use protocol::{Problem, Support};
use serde::{Deserialize, Serialize};

/// Pseudo-counts per cell among which the validation split chooses. 1/2 is the Krichevsky-Trofimov estimator, 1 is
/// Laplace's.
pub(crate) const SMOOTHING: [f64; 10] = [0.001, 0.01, 0.03, 0.1, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0];

/// Largest number of cells: larger tables do not fit the memory of a small machine.
pub(crate) const MAX_CELLS: u128 = 1 << 24;

/// Counts of the values of each pixel, per state of its parents. Pixels are numbered by their position in the ordering.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Table {
    smoothing: f64,
    /// Pixels in the order of generation.
    ordering: Vec<usize>,
    /// Positions that each position depends on; the first is the lowest bit of the context.
    parents: Vec<Vec<usize>>,
    /// k if the parents of every position are the k positions before it. The context is then a sliding window.
    line: Option<usize>,
    /// Counts, `[position][context][value]`.
    counts: Vec<Vec<[u32; 2]>>,
}

/// Refuses a table that does not fit the memory. `cells` is the number of free parameters.
pub(crate) fn check_cells(path: &str, what: &str, cells: u128) -> Result<(), Problem> {
    if cells > MAX_CELLS {
        let mebibytes = cells.saturating_mul(8) >> 20;
        return Err(Problem::new(path, format!("{what} would have {cells} cells, {mebibytes} MiB")).help(format!(
            "use fewer pixels or a smaller order: at most {MAX_CELLS} cells, {} MiB",
            (MAX_CELLS * 8) >> 20
        )));
    }
    Ok(())
}

/// Refuses tables with up to `order` parents if they do not fit the data or the memory.
pub(crate) fn check(order: usize, data: &DataShape) -> Result<(), Problem> {
    crate::bernoulli::check_binary(data)?;
    let pixels = data.pixels();
    if order >= pixels {
        return Err(Problem::new("order", format!("order {order} exceeds the pixels that precede one of {pixels}"))
            .help(format!("use at most {}", pixels - 1)));
    }
    let cells = (pixels as u128).saturating_mul(1 << order.min(100));
    check_cells("order", &format!("tables of order {order} over {pixels} pixels"), cells)
}

impl Table {
    /// Returns tables without counts. `ordering` lists the pixels, `parents` the positions that each depends on.
    pub(crate) fn new(ordering: Vec<usize>, parents: Vec<Vec<usize>>) -> Self {
        let counts = parents.iter().map(|parents| vec![[0; 2]; 1 << parents.len()]).collect();
        let order = parents.iter().map(Vec::len).max().unwrap_or_default();
        let before = |(position, parents): (usize, &Vec<usize>)| {
            parents.iter().copied().eq((1..=order.min(position)).map(|back| position - back))
        };
        let line = parents.iter().enumerate().all(before).then_some(order);
        Self { smoothing: 0.5, ordering, parents, line, counts }
    }

    /// Smoothed P(pixel = 1 | context).
    fn probability(&self, position: usize, context: usize) -> f64 {
        let [zeros, ones] = self.counts[position][context].map(f64::from);
        (ones + self.smoothing) / (zeros + ones + 2.0 * self.smoothing)
    }

    /// State of the parents of a position in an image, one bit per parent.
    fn context(&self, position: usize, image: &[f32]) -> usize {
        let bit = |(bit, parent): (usize, &usize)| usize::from(image[self.ordering[*parent]] > 0.5) << bit;
        self.parents[position].iter().enumerate().map(bit).sum()
    }

    /// Yields the value of each pixel with the probability of a 1, in the order of generation.
    fn conditionals_of<'a>(&'a self, image: &'a [f32]) -> impl Iterator<Item = (bool, f64)> + 'a {
        let mut context = 0;
        self.ordering.iter().enumerate().map(move |(position, &pixel)| {
            let value = image[pixel] > 0.5;
            let at = if self.line.is_some() { context } else { self.context(position, image) };
            context = slide(context, value, self.line.unwrap_or_default());
            (value, self.probability(position, at))
        })
    }

    fn count(&mut self, image: &[f32]) {
        let mut context = 0;
        for position in 0..self.ordering.len() {
            let value = image[self.ordering[position]] > 0.5;
            let at = if self.line.is_some() { context } else { self.context(position, image) };
            self.counts[position][at][usize::from(value)] += 1;
            context = slide(context, value, self.line.unwrap_or_default());
        }
    }

    fn mean_nll(&self, images: &Split) -> f64 {
        -self.log_density(images).iter().sum::<f64>() / images.len() as f64
    }
}

impl GenerativeModel for Table {
    fn parameters(&self) -> u64 {
        self.counts.iter().map(|contexts| contexts.len() as u64).sum()
    }

    fn sampler(&self) -> Option<&dyn Sampler> {
        Some(self)
    }

    fn density(&self) -> Option<&dyn ExplicitDensity> {
        Some(self)
    }

    fn autoregressive(&self) -> Option<&dyn Autoregressive> {
        Some(self)
    }
}

impl ExplicitDensity for Table {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn log_density(&self, images: &Split) -> Vec<f64> {
        images
            .images()
            .map(|image| self.conditionals_of(image).map(|(value, p)| if value { p.ln() } else { (-p).ln_1p() }).sum())
            .collect()
    }
}

impl Autoregressive for Table {
    fn ordering(&self) -> Vec<usize> {
        self.ordering.clone()
    }

    fn conditionals(&self, images: &Split) -> Conditionals {
        let pixels = self.ordering.len();
        let mut log_odds = vec![0.0; images.pixels.len()];
        for (log_odds, image) in log_odds.chunks_exact_mut(pixels).zip(images.images()) {
            for ((_, p), pixel) in self.conditionals_of(image).zip(&self.ordering) {
                log_odds[*pixel] = logit(p);
            }
        }
        Conditionals::bernoulli(log_odds, pixels)
    }

    fn sample_from(&self, uniforms: &[f32]) -> Split {
        let pixels = self.ordering.len();
        let mut images = vec![0.0; uniforms.len()];
        for (image, draws) in images.chunks_exact_mut(pixels).zip(uniforms.chunks_exact(pixels)) {
            for (position, uniform) in draws.iter().enumerate() {
                let p = self.probability(position, self.context(position, image));
                image[self.ordering[position]] = Family::Bernoulli.draw(&[logit(p)], *uniform);
            }
        }
        Split::new(images, pixels)
    }
}

/// Returns the context of the next pixel on a line of order k. The nearest pixel is the lowest bit.
fn slide(context: usize, value: bool, order: usize) -> usize {
    ((context << 1) | usize::from(value)) & ((1 << order) - 1)
}

fn logit(p: f64) -> f32 {
    (p.ln() - (-p).ln_1p()) as f32
}

impl Sampler for Table {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        self.sample_from(&noise.uniforms(count * self.ordering.len()))
    }
}

/// Trainer that counts every training image once and chooses the pseudo-count on the validation split.
pub(crate) struct TableTrainer(pub(crate) Table);

impl Trainer for TableTrainer {
    fn step(&mut self, batch: &Batch, _at: &Step) -> Scalars {
        batch.host.images().for_each(|image| self.0.count(image));
        Scalars(Vec::new())
    }

    fn finish(&mut self, validation: &Split) {
        if validation.is_empty() {
            return;
        }
        let nll = |smoothing| Table { smoothing, ..self.0.clone() }.mean_nll(validation);
        let scored = SMOOTHING.map(|smoothing| (nll(smoothing), smoothing));
        if let Some((nll, smoothing)) = scored.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)) {
            tracing::info!(name: "smoothing", smoothing, validation_nll = nll);
            self.0.smoothing = smoothing;
        }
    }

    fn gradients(&self, _batch: &Batch, _at: &Step) -> Vec<LossGradient> {
        Vec::new()
    }

    fn snapshot(&self) -> Box<dyn GenerativeModel> {
        Box::new(self.0.clone())
    }

    fn parts(&mut self) -> Vec<Part<'_>> {
        vec![Part::json("table", &mut self.0)]
    }
}
