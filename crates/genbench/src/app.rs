//! The program: built-in entries, those of other crates, and the command line over them.

use std::ffi::OsString;
use std::process::ExitCode;

use data::{DataConfig, DataEntry};
use engine::measure::{MeasureConfig, MeasureEntry};
use engine::{ModelConfig, ModelEntry};
use protocol::exit;
use protocol::registry::Duplicate;
use zoo::facts::{FactConfig, FactEntry};

use crate::failure::Failure;
use crate::output::note;
use crate::registry::Registry;
use crate::{cli, panics, verbs};

/// A program that plans, trains, measures and reports: all built-in entries, and those that are added.
///
/// Workers, the timing pass and jobs on a cluster start the same executable again, so that added entries work
/// everywhere that built-in ones do.
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
    /// The built-in models, data sets, measures and facts.
    #[must_use]
    pub fn new() -> Self {
        Self { registry: Registry::built_in(), duplicates: Vec::new() }
    }

    /// Adds a model. A name that exists is refused when the program starts.
    #[must_use]
    pub fn model<M: ModelConfig>(mut self) -> Self {
        let inserted = self.registry.models.insert(ModelEntry::of::<M>());
        self.refused(inserted)
    }

    /// Adds a data set. A name that exists is refused when the program starts.
    #[must_use]
    pub fn data<D: DataConfig>(mut self) -> Self {
        let inserted = self.registry.data.insert(DataEntry::of::<D>());
        self.refused(inserted)
    }

    /// Adds a measure. A name that exists is refused when the program starts.
    #[must_use]
    pub fn measure<S: MeasureConfig>(mut self) -> Self {
        let inserted = self.registry.measures.insert(MeasureEntry::of::<S>());
        self.refused(inserted)
    }

    /// Adds a fact. A name that exists is refused when the program starts.
    #[must_use]
    pub fn fact<F: FactConfig>(mut self) -> Self {
        let inserted = self.registry.facts.insert(FactEntry::of::<F>());
        self.refused(inserted)
    }

    fn refused(mut self, inserted: Result<(), Duplicate>) -> Self {
        self.duplicates.extend(inserted.err());
        self
    }

    /// All entries, for tests that look something up.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Does what the command line of this process asks for.
    #[must_use]
    pub fn main(self) -> ExitCode {
        ExitCode::from(self.run(std::env::args_os()))
    }

    /// Does what `command` asks for, whose first word is the program's name. Returns the exit code
    /// ([`protocol::exit`]).
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
        let message = failure.to_string();
        if !message.is_empty() {
            note!("{message}");
        }
        failure.code
    }

    fn dispatch(&self, command: Vec<OsString>) -> Result<u8, Failure> {
        if !self.duplicates.is_empty() {
            let lines: Vec<String> = self.duplicates.iter().map(ToString::to_string).collect();
            return Err(Failure::usage(lines.join("\nerror: ")));
        }
        match cli::parse(command) {
            Ok(verb) => verbs::dispatch(verb, &self.registry),
            Err(said) => {
                let code = if said.use_stderr() { exit::USAGE } else { exit::DONE };
                // Whoever asked for the help may be gone.
                let _ = said.print();
                Ok(code)
            }
        }
    }
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
    fn a_name_twice_is_refused_at_the_start() {
        let app = App::new().fact::<Again>();
        assert!(app.duplicates[0].to_string().contains("tests::Again"), "{:?}", app.duplicates);
        assert_eq!(app.run(["genbench", "list", "facts"]), exit::USAGE);
    }

    #[test]
    fn a_mistake_in_the_command_has_the_code_of_clap() {
        assert_eq!(App::new().run(["genbench", "lits"]), exit::USAGE);
        assert_eq!(App::new().run(["genbench", "--version"]), exit::DONE);
    }
}
