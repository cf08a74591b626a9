//! Laws, and the outcome of a law for a subject.

use std::panic::{AssertUnwindSafe, catch_unwind};

use engine::ModelEntry;

use crate::defect::{Defect, DefectIn};
use crate::subject::{Subject, subjects, subjects_in_every_ordering};

/// Outcome of a law for a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The subject obeys the law.
    Holds,
    /// The law does not apply to the subject, with the reason.
    DoesNotApply(&'static str),
    /// The subject breaks the law, with a description.
    Broken(String),
}

impl From<Result<(), String>> for Outcome {
    fn from(result: Result<(), String>) -> Self {
        result.map_or_else(Self::Broken, |()| Self::Holds)
    }
}

/// Property that every model with certain capabilities must have.
#[derive(Clone, Copy)]
pub struct Law {
    /// Name, such as `density_sums_to_one`.
    pub name: &'static str,
    /// Statement of the property in one line.
    pub statement: &'static str,
    /// Tolerance, with its justification.
    pub tolerance: &'static str,
    /// Theorem, paper or contract behind the law.
    pub source: &'static str,
    /// `true` if the law is tested in every ordering of the pixels that a model supports.
    pub in_every_ordering: bool,
    /// Tests a subject. It panics if the code of the subject panics; [`Law::test`] does not.
    pub check: fn(&Subject<'_>) -> Outcome,
    /// Mistakes that the law must catch; at least one.
    pub defects: &'static [Defect],
}

impl Law {
    /// Returns the subjects on which the law is tested.
    #[must_use]
    pub fn subjects<'a>(&self, entry: &'a ModelEntry) -> Vec<Subject<'a>> {
        if self.in_every_ordering { subjects_in_every_ordering(entry) } else { subjects(entry) }
    }

    /// Tests a subject. A panic in the code of the subject breaks the law.
    #[must_use]
    pub fn test(&self, subject: &Subject<'_>) -> Outcome {
        catch_unwind(AssertUnwindSafe(|| (self.check)(subject))).unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
            Outcome::Broken(format!("panicked: {text}"))
        })
    }

    /// Tests a subject with a defect, which should break the law.
    ///
    /// A [`DefectIn::Model`] replaces the subject by its own model and returns the first outcome that is not
    /// [`Outcome::DoesNotApply`].
    #[must_use]
    pub fn test_with(&self, defect: &Defect, subject: &Subject<'_>) -> Outcome {
        match defect.target {
            DefectIn::Trainer(wrap) => self.test(&subject.with_defect(wrap)),
            DefectIn::Model(entry) => {
                let entry = entry();
                let outcomes = self.subjects(&entry).into_iter().map(|subject| self.test(&subject));
                let mut applicable = outcomes.filter(|outcome| !matches!(outcome, Outcome::DoesNotApply(_)));
                applicable
                    .next()
                    .unwrap_or(Outcome::DoesNotApply("the broken model supports none of the data sets of the laws"))
            }
        }
    }
}
