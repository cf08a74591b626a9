//! Command that trains a trial again.

use protocol::text::shell_word;
use protocol::{GridDir, GridRecord, Trial, atomic};

/// Grid file and options of a grid's command line.
pub(super) struct Rerun {
    file: String,
    /// Options that changed the trials, such as `--set train.steps=40`.
    options: String,
}

impl Rerun {
    /// Reads the record of the grid. A grid without one is named after its plan.
    pub(super) fn of(grid: &GridDir, name: &str) -> Self {
        let record: GridRecord = atomic::read_json_if_exists(&grid.record()).ok().flatten().unwrap_or_default();
        // The file is relative to `results/<grid>`, the command to the folder of `results`.
        let from_top = record.file.as_deref().and_then(|file| file.strip_prefix("../../"));
        let file = from_top.filter(|file| !file.starts_with("..")).map(str::to_owned);
        let option = |option: &String| match option.split_once(' ') {
            Some(("--only" | "--seeds", _)) | None => None,
            Some((name, value)) => Some(format!(" {name} {}", shell_word(value))),
        };
        Self {
            file: shell_word(&file.unwrap_or_else(|| format!("{name}.yaml"))),
            options: record.changed.iter().filter_map(option).collect(),
        }
    }

    /// `genbench run GRID --only VARIANT --seeds SEED --fresh`, quoted for a shell.
    pub(super) fn command(&self, trial: &Trial) -> String {
        let Self { file, options } = self;
        format!("genbench run {file}{options} --only {} --seeds {} --fresh", shell_word(&trial.variant), trial.seed)
    }
}

#[cfg(test)]
mod tests {
    use protocol::fixtures::trial;

    use super::*;

    #[test]
    fn the_command_names_the_grid_file_and_its_options() {
        let folder = tempfile::tempdir().unwrap();
        let grid = GridDir::new(folder.path(), "g");
        let command = || Rerun::of(&grid, "g").command(&trial("a b", 3));
        assert_eq!(command(), "genbench run g.yaml --only 'a b' --seeds 3 --fresh");
        let changed = vec!["--set train.steps=40".to_owned(), "--seeds 0,1".to_owned()];
        let record = GridRecord { file: Some("../../experiments/g.yaml".into()), changed };
        atomic::write_json(&grid.record(), &record).unwrap();
        assert_eq!(command(), "genbench run experiments/g.yaml --set train.steps=40 --only 'a b' --seeds 3 --fresh");
    }
}
