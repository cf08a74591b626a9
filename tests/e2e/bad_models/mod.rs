//! The matrix of docs/measures.md: which figure exposes which bad model. GENBENCH_UPDATE_DOCS=1 writes it.
//!
//! A figure exposes a bad model if it is worse than that of a trained model, by the comparison of the tables, over eight
//! seeds of either side on real digits. Each measure is compared alone: the figure `collapsed` of one measure would make the
//! figures of all others lost.

mod models;

use std::collections::BTreeMap;

use analysis::{Record, Results};
use burn::prelude::Device;
use data::Dataset;
use engine::measure::{BadModel, Subject};
use engine::{Batch, GenerativeModel, Step, Trainer};
use genbench::Registry;
use protocol::{Direction, GridDir, Measurement, Plan, Status, Trial, fixtures};
use serde_json::{Value, json};

use self::models::Images;
use crate::bench::read;

const SEEDS: u64 = 8;
const BATCH: usize = 64;
/// Labels of the two sides of a comparison.
const TRAINED: &str = "trained";
const BAD: &str = "bad";
const START: &str = "<!-- matrix of bad models -->\n";
const END: &str = "<!-- end -->\n";

/// Bad models that a measure exposes on these data and does not declare, because it does not on larger ones.
const UNDECLARED: [(&str, BadModel); 2] = [("collapse", BadModel::Memoriser), ("latent_factors", BadModel::Untrained)];

/// Measures of the matrix with their settings.
fn measures() -> Vec<(&'static str, Value)> {
    let plain = |name| (name, json!({}));
    let anomaly = ("anomaly", json!({"kinds": ["inverted", "noise", "blank"], "scores": ["log_density"]}));
    vec![
        plain("nll"),
        plain("elbo"),
        ("iwae", json!({"k": 5})),
        plain("fid_proxy"),
        plain("sample_quality"),
        plain("copies"),
        plain("collapse"),
        anomaly,
        plain("linear_probe"),
        plain("latent_factors"),
    ]
}

/// Trained models: their settings, and the number of training steps.
fn families() -> [(&'static str, Value, u64); 2] {
    [("nade", json!({"hidden": 100}), 1_000), ("vae", json!({"hidden": 100, "latent": 8}), 1_500)]
}

struct Laboratory {
    registry: Registry,
    data: Dataset,
    sha256: String,
    device: Device,
    folder: tempfile::TempDir,
}

impl Laboratory {
    fn new() -> Self {
        let registry = Registry::built_in();
        let digits = registry.data.find("digits").expect("registered");
        let digits = (digits.open)(&json!({"binarize": "threshold"}), &registry.data).expect("settings");
        let data = digits.load().expect("embedded");
        let folder = tempfile::tempdir().expect("a folder");
        Self { sha256: data.sha256(), registry, data, device: Device::flex().autodiff(), folder }
    }

    fn grid(&self) -> GridDir {
        GridDir::new(self.folder.path(), "matrix")
    }

    fn trainer(&self, model: &str, settings: &Value, seed: u64) -> Box<dyn Trainer> {
        let entry = self.registry.models.find(model).expect("registered");
        let settings = (entry.resolve)(settings).expect("settings");
        (entry.build)(&settings, &self.data.shape, seed, &self.device).expect("they fit")
    }

    fn trained(&self, model: &str, settings: &Value, seed: u64, steps: u64) -> Box<dyn GenerativeModel> {
        let mut trainer = self.trainer(model, settings, seed);
        for index in 0..steps {
            let first = index as usize * BATCH;
            let images: Vec<usize> = (first..first + BATCH).map(|image| image % self.data.train.len()).collect();
            let batch = Batch::new(self.data.batch(&images, index), &self.device);
            trainer.step(&batch, &Step { index, lr_factor: 1.0, seed });
        }
        trainer.finish(&self.data.validation);
        trainer.snapshot()
    }

    /// Independent pixels, counted in one pass over the training images.
    fn marginals(&self) -> Box<dyn GenerativeModel> {
        let mut trainer = self.trainer("independent", &json!({}), 0);
        let all: Vec<usize> = (0..self.data.train.len()).collect();
        let batch = Batch::new(self.data.batch(&all, 0), &self.device);
        trainer.step(&batch, &Step { index: 0, lr_factor: 1.0, seed: 0 });
        trainer.finish(&self.data.validation);
        trainer.snapshot()
    }

    fn bad(&self, bad: BadModel, model: &str, settings: &Value, seed: u64) -> Box<dyn GenerativeModel> {
        match bad {
            BadModel::Untrained => self.trainer(model, settings, seed).snapshot(),
            BadModel::Memoriser => Box::new(Images::memorised(&self.data)),
            BadModel::Constant => Box::new(Images::constant(&self.data)),
            BadModel::Marginals => self.marginals(),
        }
    }

    /// Figures of a model in the folder of a trial, which keeps their terms per image.
    fn figures(&self, model: &dyn GenerativeModel, trial: &Trial) -> Vec<Measurement> {
        let (data, dir) = (&self.data, self.grid().trial(&trial.id()).0);
        let (data_sha256, seed, cache) = (self.sha256.as_str(), trial.seed, self.folder.path());
        let subject = Subject { model, data, data_sha256, seed, dir: &dir, cache };
        let take = |(name, settings): (&str, Value)| {
            let entry = self.registry.measures.find(name).expect("registered");
            let config = (entry.resolve)(&settings).expect("settings");
            (entry.check)(&config, &data.shape).expect("they fit");
            entry.take(&entry.spec(config), &subject).expect("files are written")
        };
        measures().into_iter().flat_map(take).collect()
    }
}

/// Largest corrected p-value of a verdict.
const ALPHA: f64 = 0.05;
/// Corrected p-values that another processor, whose models differ in the last digits, can move to the other side of 0.05.
const BORDERLINE: std::ops::Range<f64> = 0.005..0.3;

/// What a figure says of a bad model: the corrected p-value of being worse than a trained one, 1 if it is not worse. `None` if
/// the bad model has no such figure.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Cell(Option<f64>);

impl Cell {
    fn is_exposed(self) -> bool {
        self.0.is_some_and(|p| p <= ALPHA)
    }

    /// Returns whether the verdict may differ on another processor.
    fn is_borderline(self) -> bool {
        self.0.is_some_and(|p| BORDERLINE.contains(&p))
    }

    /// The smaller p-value.
    fn or(self, other: Self) -> Self {
        Self(self.0.into_iter().chain(other.0).reduce(f64::min))
    }

    fn word(self) -> &'static str {
        match self.0 {
            None => "—",
            Some(_) if self.is_exposed() => "**yes**",
            Some(_) => "no",
        }
    }
}

/// Verdicts of the comparison of a bad model with the trained one, by figure.
fn verdicts(grid: &GridDir, trained: &[Vec<Measurement>], bad: &[Vec<Measurement>]) -> BTreeMap<String, Cell> {
    let of = |figures: &[Vec<Measurement>], measure: &str| -> Vec<Vec<Measurement>> {
        let is_of = |figure: &&Measurement| figure.measure == measure;
        figures.iter().map(|seed| seed.iter().filter(is_of).cloned().collect()).collect()
    };
    measures().iter().flat_map(|(measure, _)| verdicts_of(grid, &of(trained, measure), &of(bad, measure))).collect()
}

/// Verdicts of the figures of one measure.
fn verdicts_of(grid: &GridDir, trained: &[Vec<Measurement>], bad: &[Vec<Measurement>]) -> BTreeMap<String, Cell> {
    let sides = [(TRAINED, trained), (BAD, bad)];
    let trials: Vec<(Trial, &Vec<Measurement>)> = sides
        .into_iter()
        .flat_map(|(name, seeds)| {
            seeds.iter().enumerate().map(move |(seed, figures)| (fixtures::trial(name, seed as u64), figures))
        })
        .collect();
    let plan = Plan::new("matrix", trials.iter().map(|(trial, _)| trial.clone()).collect());
    let record = |(trial, figures): (Trial, &Vec<Measurement>)| Record {
        id: trial.id(),
        dir: grid.trial(&trial.id()),
        outcome: Some(fixtures::outcome(trial.id(), Status::Done)),
        trial,
        measurements: figures.clone(),
        unreadable: None,
    };
    let results = Results::of(grid.clone(), plan, trials.into_iter().map(record).collect());
    let rows = results.comparisons().rows.iter().filter(|row| row.variant == BAD);
    let cell = |row: &analysis::Comparison| {
        let lower_is_better = row.figure.as_ref().is_some_and(|figure| figure.direction == Direction::Lower);
        let is_worse = row.effect.is_some_and(|effect| (effect > 0.0) == lower_is_better && effect != 0.0);
        let p = row.p_holm.filter(|_| is_worse).unwrap_or(1.0);
        assert_eq!(row.verdict.to_string() == "worse", p <= ALPHA, "{row:?}");
        Cell(Some(p))
    };
    rows.filter_map(|row| Some((row.figure.as_ref()?.name.clone(), cell(row)))).collect()
}

/// Cells by measure and figure, one for each bad model.
type Matrix = Vec<((String, String), [Cell; 4])>;

fn matrix(laboratory: &Laboratory) -> Matrix {
    let mut cells: BTreeMap<(String, usize), Cell> = BTreeMap::new();
    let mut figures: Vec<(String, String)> = Vec::new();
    for (model, settings, steps) in families() {
        let taken = |side, model: &dyn Fn(u64) -> Box<dyn GenerativeModel>| -> Vec<_> {
            (0..SEEDS).map(|seed| laboratory.figures(&*model(seed), &fixtures::trial(side, seed))).collect()
        };
        let trained = taken(TRAINED, &|seed| laboratory.trained(model, &settings, seed, steps));
        for figure in trained[0].iter().filter(|figure| figure.direction != Direction::Neither) {
            let key = (figure.measure.clone(), figure.name.clone());
            if figure.value.is_some() && !figures.contains(&key) {
                figures.push(key);
            }
        }
        for (at, bad) in BadModel::ALL.into_iter().enumerate() {
            let taken = taken(BAD, &|seed| laboratory.bad(bad, model, &settings, seed));
            for (figure, cell) in verdicts(&laboratory.grid(), &trained, &taken) {
                let known = cells.entry((figure, at)).or_default();
                *known = known.or(cell);
            }
        }
    }
    let order: Vec<&str> = measures().iter().map(|(name, _)| *name).collect();
    figures.sort_by_key(|(measure, _)| order.iter().position(|name| name == measure));
    let row = |(measure, figure): (String, String)| {
        let cells = [0, 1, 2, 3].map(|at| cells.get(&(figure.clone(), at)).copied().unwrap_or_default());
        ((measure, figure), cells)
    };
    figures.into_iter().map(row).collect()
}

fn table(matrix: &Matrix) -> String {
    let heads: Vec<&str> = BadModel::ALL.iter().map(|bad| bad.word()).collect();
    let mut text = format!("| measure | figure | {} |\n|---|---|---|---|---|---|\n", heads.join(" | "));
    for ((measure, figure), cells) in matrix {
        let words = cells.map(Cell::word);
        text += &format!("| `{measure}` | `{figure}` | {} |\n", words.join(" | "));
    }
    text
}

/// The table, with the words of the page in borderline cells.
fn with_borderline_of(page: &str, matrix: &Matrix) -> String {
    let lines = table(matrix);
    let of_page: BTreeMap<&str, Vec<&str>> =
        page.lines().filter_map(|line| Some((line.split(" | ").nth(1)?, line.split(" | ").collect()))).collect();
    let mut kept: Vec<String> = lines.lines().take(2).map(str::to_owned).collect();
    for (line, ((_, figure), cells)) in lines.lines().skip(2).zip(matrix) {
        let mut words: Vec<&str> = line.split(" | ").collect();
        let known = of_page.get(format!("`{figure}`").as_str()).filter(|known| known.len() == words.len());
        for at in (0..4).filter(|at| cells[*at].is_borderline()) {
            words[at + 2] = known.map_or(words[at + 2], |known| known[at + 2]);
        }
        kept.push(words.join(" | "));
    }
    kept.join("\n") + "\n"
}

#[test]
fn the_matrix_of_bad_models_is_that_of_the_documentation_and_of_the_measures() {
    let laboratory = Laboratory::new();
    let matrix = matrix(&laboratory);
    let mut wrong = Vec::new();
    for (name, settings) in measures() {
        let entry = laboratory.registry.measures.find(name).expect("registered");
        let declared = (entry.exposes)(&(entry.resolve)(&settings).expect("settings"));
        let rows = matrix.iter().filter(|((measure, _), _)| measure == name);
        let cell = |at: usize| rows.clone().fold(Cell::default(), |known, (_, cells)| known.or(cells[at]));
        for (at, bad) in BadModel::ALL.into_iter().enumerate() {
            let (found, is_declared) = (cell(at), declared.contains(&bad));
            let agrees = found.is_exposed() == is_declared || found.is_borderline();
            if !agrees && !UNDECLARED.contains(&(name, bad)) {
                wrong.push(format!("{name}, {bad:?}: declared {is_declared}, found {found:?}"));
            }
        }
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/measures.md");
    let docs = read(std::path::Path::new(path));
    let (before, rest) = docs.split_once(START).expect("the marker of the matrix");
    let (written, after) = rest.split_once(END).expect("the end of the matrix");
    let computed = table(&matrix);
    if std::env::var_os("GENBENCH_UPDATE_DOCS").is_some() {
        std::fs::write(path, format!("{before}{START}{computed}{END}{after}")).expect("written");
    } else {
        let kept = with_borderline_of(written, &matrix);
        assert_eq!(written, kept, "GENBENCH_UPDATE_DOCS=1 writes docs/measures.md");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn measures_outside_of_the_matrix_declare_no_bad_model() {
    let registry = Registry::built_in();
    let tested: Vec<&str> = measures().iter().map(|(name, _)| *name).collect();
    for entry in registry.measures.iter().filter(|entry| !tested.contains(&entry.name)) {
        assert!((entry.exposes)(&(entry.defaults)()).is_empty(), "{}: add it to the matrix", entry.name);
    }
}
