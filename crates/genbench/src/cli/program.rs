//! Arguments of the verbs that describe the program and this machine: `list`, `schema`, `doctor`, `completions`, `man`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use clap_complete::Shell;

/// Examples and exit codes of `list`.
pub(super) const LIST: &str = "Examples:
  genbench list models
  genbench list data --format json";

/// Examples and exit codes of `schema`.
pub(super) const SCHEMA: &str = "Example:
  genbench schema > grid.schema.json

First line of a grid, for editors with the YAML language server:
  # yaml-language-server: $schema=../grid.schema.json";

/// Examples and exit codes of `doctor`.
pub(super) const DOCTOR: &str = "Examples:
  genbench doctor
  genbench doctor --format json";

/// Examples and exit codes of `completions`.
pub(super) const COMPLETIONS: &str = "Examples:
  genbench completions bash > ~/.local/share/bash-completion/completions/genbench
  genbench completions zsh > ~/.zfunc/_genbench          with ~/.zfunc in fpath before compinit
  genbench completions fish > ~/.config/fish/completions/genbench.fish
  genbench completions powershell > genbench.ps1         with `. genbench.ps1` in $PROFILE

They complete verbs and options, and the values of options that have a fixed list. Open a new shell to use them.";

/// Examples and exit codes of `man`.
pub(super) const MAN: &str = "Example:
  genbench man --out ~/.local/share/man/man1

`man genbench` lists the verbs, `man genbench-run` describes one.

Exit codes: 0 done, 74 the folder cannot be written.";

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Kind of entry: models, data, measures or facts.
    pub(crate) what: String,
    /// Output format.
    #[arg(long, value_enum, default_value_t = TextOrJson::Table)]
    pub(crate) format: TextOrJson,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// Output format.
    #[arg(long, value_enum, default_value_t = TextOrJson::Table)]
    pub(crate) format: TextOrJson,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// Shell: bash, zsh, fish, powershell or elvish.
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Folder to write into; it is created.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TextOrJson {
    /// Text.
    Table,
    /// One JSON object per line.
    Json,
}
