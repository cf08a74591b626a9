//! Settings of `ising` and their limits.

use protocol::Support;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::density::{IsingDensity, Sampling};
use super::lattice::{Boundary, Lattice};
use crate::check::{real, refused, whole};
use crate::synthetic::draws::{COUNTS, Draws, SIDE};
use crate::{DataConfig, DataError, DataShape, Dataset};

/// Largest smaller side for independent draws by the transfer matrix.
pub(super) const MAX_EXACT_SAMPLING: usize = 16;
/// Largest smaller side for the partition function of a free boundary.
const MAX_FREE: usize = 20;
/// Largest coupling; the odds of a pair of unlike neighbours are 2e-9 there.
const MAX_BETA: f64 = 10.0;

/// Settings of `ising`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Ising {
    /// Height in pixels.
    #[schemars(range(min = 1, max = 256))]
    pub height: usize,
    /// Width in pixels.
    #[schemars(range(min = 1, max = 256))]
    pub width: usize,
    /// Coupling, in units of the temperature. The infinite lattice is ordered above 0.4406868.
    #[schemars(range(min = 0, max = 10))]
    pub beta: f64,
    /// Boundary condition at the edge of the image.
    pub boundary: Boundary,
    /// Number of Swendsen-Wang sweeps between two images. It is used if both sides exceed 16; smaller images are independent
    /// draws.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub sweeps: usize,
    /// Seed of the images.
    pub seed: u64,
    /// Number of training images.
    #[schemars(range(min = 1, max = 178_956_970))]
    pub train: usize,
    /// Number of validation images.
    #[schemars(range(min = 1, max = 178_956_970))]
    pub validation: usize,
    /// Number of test images.
    #[schemars(range(min = 1, max = 178_956_970))]
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
                format!("a side of {side} is too short for a torus"),
                "2 or more, or `boundary: free`",
            )),
            Boundary::Free if side > MAX_FREE => Err(refused(
                path,
                format!("{side} is too large for a free boundary, whose partition function has no closed form"),
                "at most 20 for one of the two sides, or `boundary: torus`",
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
    /// A setting is out of range, or both sides of a free boundary exceed 20.
    pub fn density(&self) -> Result<IsingDensity, DataError> {
        self.describe()?;
        let Self { height, width, beta, boundary, .. } = *self;
        Ok(IsingDensity::new(Lattice { height, width, beta, boundary }, self.sampling()))
    }

    /// Sampling method for images of this size.
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
