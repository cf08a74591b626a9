//! A law, and what asking it of a subject yields.

use std::panic::{AssertUnwindSafe, catch_unwind};

use engine::ModelEntry;

use crate::defect::{Defect, DefectIn};
use crate::subject::{Subject, subjects, subjects_in_every_ordering};

/// What a law yields for a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The subject obeys the law.
    Holds,
    /// The law does not apply to the subject, and why.
    DoesNotApply(&'static str),
    /// The subject breaks the law, and how.
    Broken(String),
}

impl From<Result<(), String>> for Outcome {
    fn from(result: Result<(), String>) -> Self {
        result.map_or_else(Self::Broken, |()| Self::Holds)
    }
}

/// A property that every model with the capabilities it speaks of must have.
#[derive(Clone, Copy)]
pub struct Law {
    /// Name, as in `density_sums_to_one`.
    pub name: &'static str,
    /// The property, in one line.
    pub statement: &'static str,
    /// The tolerance, and why it is this one.
    pub tolerance: &'static str,
    /// The theorem, paper or rule that it comes from.
    pub source: &'static str,
    /// Whether the law is asked in every ordering of the pixels that a model takes.
    pub in_every_ordering: bool,
    /// Holds a subject to the law. Panics if the subject's own code does; [`Law::ask`] does not.
    pub check: fn(&Subject<'_>) -> Outcome,
    /// Mistakes that the law must catch; at least one.
    pub defects: &'static [Defect],
}

impl Law {
    /// Returns the subjects that the law is asked of.
    #[must_use]
    pub fn subjects<'a>(&self, entry: &'a ModelEntry) -> Vec<Subject<'a>> {
        if self.in_every_ordering { subjects_in_every_ordering(entry) } else { subjects(entry) }
    }

    /// Holds a subject to the law; a panic of the subject's code breaks it.
    #[must_use]
    pub fn ask(&self, subject: &Subject<'_>) -> Outcome {
        catch_unwind(AssertUnwindSafe(|| (self.check)(subject))).unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
            Outcome::Broken(format!("panicked: {text}"))
        })
    }

    /// Holds a subject with a defect to the law, which should be broken then.
    ///
    /// A defect in a model of its own replaces the subject: the first outcome that is not
    /// [`Outcome::DoesNotApply`] counts.
    #[must_use]
    pub fn ask_with(&self, defect: &Defect, subject: &Subject<'_>) -> Outcome {
        match defect.place {
            DefectIn::Trainer(wrap) => self.ask(&subject.with_defect(wrap)),
            DefectIn::Model(entry) => {
                let entry = entry();
                let outcomes = self.subjects(&entry).into_iter().map(|subject| self.ask(&subject));
                let mut applicable = outcomes.filter(|outcome| !matches!(outcome, Outcome::DoesNotApply(_)));
                applicable.next().unwrap_or(Outcome::DoesNotApply("the broken model takes none of the laws' data"))
            }
        }
    }
}
