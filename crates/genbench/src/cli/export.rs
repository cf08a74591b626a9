//! Arguments of `trace` and `export`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::ResultArgs;

/// Examples and exit codes of `trace`.
pub(super) const TRACE: &str = "Examples:
  genbench trace quickstart --to chrome --out trace.json     open it in https://ui.perfetto.dev
  genbench trace quickstart --to junit --out junit.xml       for a CI system
  genbench trace quickstart --to tensorboard --out runs      then: tensorboard --logdir runs
  genbench trace quickstart --trial 0123456789ab --to chrome > trace.json";

/// Examples and exit codes of `export`.
pub(super) const EXPORT: &str = "Examples:
  genbench export quickstart --to latex --figure nll,fid_proxy > table.tex
  genbench export quickstart --to markdown
  genbench export quickstart --to html --out table.html
  genbench export quickstart --to svg --figure nll > nll.svg
  genbench export quickstart --to pdf --figure nll --out nll.pdf
  genbench export results/reference/quickstart/quickstart.genbench --to jsonl > measurements.jsonl
  genbench export quickstart --to parquet --out measurements.parquet
  genbench export quickstart --to arrow --out measurements.arrow
  genbench export quickstart --to mlflow --tracking-uri http://127.0.0.1:5000
  genbench export quickstart --to trackio --out runs         prints the command that imports the folder

latex, markdown and html have one table per section and data set: variants by figures, with intervals, marks and a \
caption. svg and pdf have the report's interval plot of one figure, per section and data set. jsonl has one object per \
measurement, with its trial and axes; parquet and arrow have the same as columns with types. mlflow and trackio have one \
run per trial. docs/export.md describes all of them.";

#[derive(Debug, Args)]
pub(crate) struct TraceArgs {
    #[command(flatten)]
    pub(crate) result: ResultArgs,
    /// Trial to export, by its id or the start of its id (repeatable); by default all.
    #[arg(long)]
    pub(crate) trial: Vec<String>,
    /// Output format.
    #[arg(long, value_enum)]
    pub(crate) to: Tool,
    /// File to write (by default stdout); for tensorboard the folder, which is required.
    #[arg(long, required_if_eq("to", "tensorboard"))]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Tool {
    /// Trace events of Chrome (JSON): spans and figures on a timeline.
    Chrome,
    /// Event files, one run per trial.
    Tensorboard,
    /// XML with one test case per trial.
    Junit,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    pub(crate) result: ResultArgs,
    /// Output format.
    #[arg(long, value_enum)]
    pub(crate) to: ExportFormat,
    /// Figures of the columns in their order, separated by commas, such as nll,fid_proxy; by default those of quality and cost. For svg and
    /// pdf one figure, by default the primary one of each section. The other formats have all.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) figure: Vec<String>,
    /// File to write, by default stdout; required for pdf, parquet and arrow. `-` is stdout. For trackio the folder.
    #[arg(long, required_if_eq_any([("to", "pdf"), ("to", "parquet"), ("to", "arrow"), ("to", "trackio")]))]
    pub(crate) out: Option<PathBuf>,
    /// Address of the MLflow server, such as http://127.0.0.1:5000; by default the variable MLFLOW_TRACKING_URI.
    #[arg(long, value_name = "URI")]
    pub(crate) tracking_uri: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// LaTeX tables with booktabs.
    Latex,
    /// Tables of GitHub's Markdown.
    Markdown,
    /// HTML tables, to be pasted into a page.
    Html,
    /// Interval plots of one figure as SVG.
    Svg,
    /// Interval plots of one figure as a PDF page; needs --out.
    Pdf,
    /// One JSON object per measurement.
    Jsonl,
    /// Parquet file with one row per measurement; needs --out.
    Parquet,
    /// Arrow IPC file (Feather version 2) with one row per measurement; needs --out.
    Arrow,
    /// Runs of an experiment on an MLflow server.
    Mlflow,
    /// Folder that trackio imports; needs --out.
    Trackio,
}
