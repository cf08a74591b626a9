//! Settings of `ising`, and which of them can be had.

use protocol::Support;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::density::{IsingDensity, Sampling};
use super::lattice::{Boundary, Lattice};
use crate::check::{real, refused, whole};
use crate::synthetic::draws::{COUNTS, Draws, SIDE};
use crate::{DataConfig, DataError, DataShape, Dataset};

/// The smaller side up to which images are drawn independently, by transfer matrix.
pub(super) const MAX_EXACT_SAMPLING: usize = 16;
/// The smaller side up to which a free boundary's partition function is summed.
const MAX_FREE: usize = 20;
/// Here already a pair of unlike neighbours has odds of 2e-9.
const MAX_BETA: f64 = 10.0;

/// Settings of `ising`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Ising {
    /// Height in pixels.
    pub height: usize,
    /// Width in pixels.
    pub width: usize,
    /// The coupling, in units of the temperature; the infinite lattice orders above 0.4406868.
    pub beta: f64,
    /// What lies beyond the edge.
    pub boundary: Boundary,
    /// Sweeps from one image to the next where images are drawn by Swendsen-Wang: if both sides
    /// exceed 16. Smaller images are independent draws and do not use it.
    pub sweeps: usize,
    /// Seed of the images.
    pub seed: u64,
    /// Number of training images.
    pub train: usize,
    /// Number of validation images.
    pub validation: usize,
    /// Number of test images.
    pub test: usize,
}

impl Default for Ising {
    fn default() -> Self {
        let [train, validation, test] = COUNTS;
        Self {
            height: SIDE,
            width: SIDE,
            beta: 0.4,
            boundary: Boundary::Torus,
            sweeps: 20,
            seed: 0,
            train,
            validation,
            test,
        }
    }
}

impl DataConfig for Ising {
    const NAME: &'static str = "ising";
    const ABOUT: &'static str = "the Ising model without a field, on a torus or with a free boundary; exact density";

    fn describe(&self) -> Result<DataShape, DataError> {
        real("beta", self.beta, 0.0..=MAX_BETA, "0 to 10")?;
        whole("sweeps", self.sweeps, 1..=1_000_000, "1 to 1,000,000")?;
        let shape = self.draws().shape(Support::Binary, None)?;
        let (path, side) = self.smaller_side();
        match self.boundary {
            Boundary::Torus if side < 2 => Err(refused(
                path,
                format!("{side} pixel is its own neighbour on a torus"),
                "2 or more; or boundary: free",
            )),
            Boundary::Free if side > MAX_FREE => Err(refused(
                path,
                format!("{side} is too wide for a free boundary: the sum over images has no closed form"),
                "20 or less along one of the two sides; or boundary: torus",
            )),
            _ => Ok(shape),
        }
    }

    fn load(&self) -> Result<Dataset, DataError> {
        Ok(self.draws().dataset(Self::NAME, self.describe()?, self.density()?))
    }
}

impl Ising {
    /// The distribution of the images.
    ///
    /// # Errors
    /// A setting out of range, or a free boundary wider than 20.
    pub fn density(&self) -> Result<IsingDensity, DataError> {
        self.describe()?;
        let Self { height, width, beta, boundary, .. } = *self;
        Ok(IsingDensity::new(Lattice { height, width, beta, boundary }, self.sampling()))
    }

    /// How images of this size are drawn.
    #[must_use]
    pub fn sampling(&self) -> Sampling {
        if self.smaller_side().1 <= MAX_EXACT_SAMPLING {
            Sampling::Exact
        } else {
            Sampling::SwendsenWang { sweeps: self.sweeps }
        }
    }

    fn smaller_side(&self) -> (&'static str, usize) {
        if self.height < self.width { ("height", self.height) } else { ("width", self.width) }
    }

    fn draws(&self) -> Draws {
        let counts = [self.train, self.validation, self.test];
        Draws { height: self.height, width: self.width, seed: self.seed, counts }
    }
}
