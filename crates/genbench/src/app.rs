//! The program: built-in entries, added entries and the command line.

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use data::{DataConfig, DataEntry};
use engine::measure::{MeasureConfig, MeasureEntry};
use engine::{ModelConfig, ModelEntry};
use protocol::exit;
use protocol::registry::Duplicate;
use zoo::facts::{FactConfig, FactEntry};

use crate::failure::Failure;
use crate::output::{self, Stream};
use crate::registry::Registry;
use crate::{cli, host, panics, verbs};

/// A program with all built-in entries and the added ones. It plans, trains, measures and reports.
///
/// Workers, the timing pass and cluster jobs start the same executable, so added entries work wherever built-in ones
/// do.
#[derive(Debug)]
pub struct App {
    registry: Registry,
    duplicates: Vec<Duplicate>,
}

impl Default for App {
    fn default() -> Self {
        Self::new()
    }
}

impl App {
    /// Creates a program with the built-in models, data sets, measures and facts.
    #[must_use]
    pub fn new() -> Self {
        Self { registry: Registry::built_in(), duplicates: Vec::new() }
    }

    /// Adds a model. A name that exists is refused when the program starts.
    #[must_use]
    pub fn model<M: ModelConfig>(mut self) -> Self {
        let inserted = self.registry.models.insert(ModelEntry::of::<M>());
        self.with_duplicate(inserted)
    }

    /// Adds a data set. A name that exists is refused when the program starts.
    #[must_use]
    pub fn data<D: DataConfig>(mut self) -> Self {
        let inserted = self.registry.data.insert(DataEntry::of::<D>());
        self.with_duplicate(inserted)
    }

    /// Adds a measure. A name that exists is refused when the program starts.
    #[must_use]
    pub fn measure<S: MeasureConfig>(mut self) -> Self {
        let inserted = self.registry.measures.insert(MeasureEntry::of::<S>());
        self.with_duplicate(inserted)
    }

    /// Adds a fact. A name that exists is refused when the program starts.
    #[must_use]
    pub fn fact<F: FactConfig>(mut self) -> Self {
        let inserted = self.registry.facts.insert(FactEntry::of::<F>());
        self.with_duplicate(inserted)
    }

    /// States the package of this program. Its version is part of the build record and of the code that
    /// `--rerun-if code` compares: raise it when a model of the package changes.
    ///
    /// ```
    /// genbench::App::new().package(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    /// ```
    #[must_use]
    pub fn package(mut self, name: &str, version: &str) -> Self {
        self.registry.build = host::build(Some(&(name.to_owned(), version.to_owned())));
        self
    }

    fn with_duplicate(mut self, inserted: Result<(), Duplicate>) -> Self {
        self.duplicates.extend(inserted.err());
        self
    }

    /// Returns all entries, for tests.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Runs the command line of this process.
    #[must_use]
    pub fn main(self) -> ExitCode {
        ExitCode::from(self.run(std::env::args_os()))
    }

    /// Runs `command`, whose first word is the program's name, and returns its exit code ([`protocol::exit`]).
    pub fn run<I, T>(self, command: I) -> u8
    where
        I: IntoIterator<Item = T>,
        T: Into<OsString>,
    {
        let command: Vec<OsString> = command.into_iter().map(Into::into).collect();
        let failure = match panics::caught(|| self.dispatch(command)) {
            Ok(code) => return code,
            Err(failure) => failure,
        };
        failure.print();
        failure.code
    }

    fn dispatch(&self, command: Vec<OsString>) -> Result<u8, Failure> {
        if !self.duplicates.is_empty() {
            let lines: Vec<String> = self.duplicates.iter().map(ToString::to_string).collect();
            return Err(Failure::usage(lines.join("\nerror: ")));
        }
        if let Some(word) = command.iter().find(|word| word.to_str().is_none()) {
            let help = "records and reports hold paths as text: rename the file or folder";
            return Err(Failure::usage(format!("`{}` is not UTF-8\nhelp: {help}", word.display())));
        }
        warn_of_faults()?;
        match cli::parse(command) {
            Ok(verb) => verbs::dispatch(verb, &self.registry),
            Err(error) => {
                let text = error.render();
                if error.use_stderr() {
                    return Err(Failure::command_line(&text.to_string(), &text.ansi().to_string()));
                }
                // `--help` and `--version` are printed on stdout.
                let mut out = output::people();
                out.styled(&if Stream::Out.styled() { text.ansi().to_string() } else { text.to_string() })?;
                out.flush()?;
                Ok(exit::DONE)
            }
        }
    }
}

/// Warns of a build with deliberate faults, and refuses the name of an unknown one.
#[cfg(feature = "faults")]
fn warn_of_faults() -> Result<(), Failure> {
    let active = nn::faults::active().map_err(Failure::usage)?.unwrap_or("none");
    output::note!(
        "warning: this build has deliberate faults, to calibrate the regression gate; active fault: {active}"
    );
    Ok(())
}

/// Does nothing: this build has no faults.
#[cfg(not(feature = "faults"))]
fn warn_of_faults() -> Result<(), Failure> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};
    use zoo::facts::Count;

    use super::*;
    use protocol::Problem;

    #[derive(Default, Serialize, Deserialize, JsonSchema)]
    struct Again {}

    impl FactConfig for Again {
        const NAME: &'static str = "full_joint";
        const ABOUT: &'static str = "a built-in name";

        fn count(&self) -> Result<Vec<Count>, Problem> {
            Ok(Vec::new())
        }
    }

    #[test]
    fn a_duplicate_name_is_refused_at_the_start() {
        let app = App::new().fact::<Again>();
        assert!(app.duplicates[0].to_string().contains("tests::Again"), "{:?}", app.duplicates);
        assert_eq!(app.run(["genbench", "list", "facts"]), exit::USAGE);
    }

    #[test]
    fn a_wrong_command_exits_with_the_usage_code() {
        assert_eq!(App::new().run(["genbench", "lits"]), exit::USAGE);
        assert_eq!(App::new().run(["genbench", "--version"]), exit::DONE);
    }
}
