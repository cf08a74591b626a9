//! Arguments of `pack` and `unpack`.

use std::path::PathBuf;

use analysis::pack::Part;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::ResultArgs;
use super::run::size;

/// Examples and exit codes of `pack`.
pub(super) const PACK: &str = "Examples:
  genbench pack quickstart --out results/reference/quickstart/quickstart.genbench
  genbench pack quickstart --without samples,curves --max-size 1MiB

The file has the plan, outcomes, figures, terms of the test images, learning curves and pictures. `table`, \
`report`, `regress`, `claims`, `status`, `explain`, `export` and `trace` read it in place of the name of a grid.

Exit codes: 0 done, 2 the command is wrong or the pack is too large, 4 no trial has finished, 74 environment.";

/// Examples and exit codes of `unpack`.
pub(super) const UNPACK: &str = "Examples:
  genbench unpack results/reference/quickstart/quickstart.genbench
  genbench unpack quickstart.genbench --results elsewhere

Tables, report and statistics of the restored folder have the same figures, bit for bit. It has no checkpoints, \
which `sample` and `score` need.";

#[derive(Debug, Args)]
pub(crate) struct PackArgs {
    #[command(flatten)]
    pub(crate) result: ResultArgs,
    /// File to write; by default NAME.genbench.
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
    /// Largest size of the file, such as 800KB or 4MiB.
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "4MiB")]
    pub(crate) max_size: u64,
    /// Parts to leave out, separated by commas.
    #[arg(long, value_name = "PARTS", value_delimiter = ',', value_parser = parts())]
    pub(crate) without: Vec<Part>,
    /// Largest number of points of a learning curve; longer curves keep evenly spaced points.
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = points)]
    pub(crate) points: usize,
    /// Keep the names of machines; by default they are numbered.
    #[arg(long)]
    pub(crate) host_names: bool,
    /// Keep absolute paths; by default only their last component remains.
    #[arg(long)]
    pub(crate) paths: bool,
}

#[derive(Debug, Args)]
pub(crate) struct UnpackArgs {
    /// Pack to read: a file.
    pub(crate) file: PathBuf,
    /// Folder of all results, in which the folder of the grid is created.
    #[arg(long, default_value = "results")]
    pub(crate) results: PathBuf,
    /// Largest size of all unpacked files together, such as 1GiB.
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "1GiB")]
    pub(crate) max_size: u64,
    /// Replace other results of the same name, with all that is in their folder.
    #[arg(long)]
    pub(crate) force: bool,
}

/// Parser of the parts that can be left out.
fn parts() -> impl TypedValueParser<Value = Part> {
    PossibleValuesParser::new(Part::OPTIONAL.map(Part::word))
        .map(|word| *Part::OPTIONAL.iter().find(|part| part.word() == word).unwrap_or(&Part::Samples))
}

fn points(written: &str) -> Result<usize, String> {
    let known = written.parse().ok().filter(|count| *count > 0);
    known.ok_or_else(|| "expected a whole number, 1 or more; `--without curves` leaves curves out".to_owned())
}
