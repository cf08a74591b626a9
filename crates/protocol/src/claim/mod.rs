//! Claims of a grid: statements over figures, controls, rates, costs and facts that are written before the run.
//!
//! The grid parses a claim into a [`Statement`], and the plan stores it. `Display` writes the text of a statement, which
//! parses to the same tree.

mod name_text;
mod print;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use name_text::{KEYWORDS, is_bare_name};

/// Largest depth of a statement. It keeps the recursion of readers and the nesting of the JSON record small.
pub const MAX_CLAIM_DEPTH: usize = 40;

/// Figure of a rate that counts failed trials: `rate(gan.failed)`. No measure returns it.
pub const FAILED: &str = "failed";

/// Returns whether `config` has all of these settings. Numbers are compared by value: `1` equals `1.0`.
#[must_use]
pub fn has_settings(config: &Value, settings: &BTreeMap<String, Value>) -> bool {
    settings.iter().all(|(key, wanted)| match config.get(key) {
        Some(found) if found == wanted => true,
        Some(found) => found.as_f64().is_some_and(|number| wanted.as_f64() == Some(number)),
        None => false,
    })
}

/// A claim: a name and a statement that the results support, refute or leave undecided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Name of the claim.
    pub name: String,
    /// Section of the block that has the claim; `None` for a claim at the top level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// The statement.
    pub statement: Statement,
}

/// A statement, which is true or false.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Statement {
    /// A comparison of two quantities, such as `nade.nll < made.nll`.
    Compare {
        /// The left side.
        left: Quantity,
        /// The relation.
        relation: Relation,
        /// The right side.
        right: Quantity,
    },
    /// Equality within a tolerance: `equal(a, b, 0.1)`.
    Equal {
        /// The first quantity.
        left: Quantity,
        /// The second quantity.
        right: Quantity,
        /// Largest difference, in the unit of the quantities; not negative.
        tolerance: f64,
    },
    /// All of these, at least two.
    And(Vec<Statement>),
    /// At least one of these, of at least two.
    Or(Vec<Statement>),
    /// The opposite.
    Not(Box<Statement>),
}

/// Relation of two quantities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `==`
    Equals,
}

/// A quantity: a number, or an expression over the results.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Quantity {
    /// A number, not negative.
    Number(f64),
    /// Mean of a figure over the seeds of a variant.
    Figure(FigureName),
    /// Mean of a control of a figure, such as `control(vae.linear_probe, pixels)`.
    Control {
        /// The figure.
        of: FigureName,
        /// Last part of the control's name, such as `pixels` or `prior_95`.
        control: String,
    },
    /// Probability that a figure of 0 or 1 is 1, such as `rate(gan.collapsed)`.
    Rate(FigureName),
    /// Mean training time of a variant, in seconds.
    Wall {
        /// Label of the variant.
        variant: String,
    },
    /// An exact count that needs no training.
    Fact(FactName),
    /// The negative of a quantity.
    Negative(Box<Quantity>),
    /// A sum.
    Sum(Box<[Quantity; 2]>),
    /// The first quantity minus the second one.
    Difference(Box<[Quantity; 2]>),
    /// A product.
    Product(Box<[Quantity; 2]>),
    /// The first quantity divided by the second one.
    Quotient(Box<[Quantity; 2]>),
}

/// Name of a figure of a variant, such as `vae.iwae[k=50]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FigureName {
    /// Label of the variant.
    pub variant: String,
    /// Name of the figure.
    pub figure: String,
    /// Settings of the measure that distinguish it from others with a figure of that name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<String, Value>,
}

/// Name of an exact count, such as `full_joint[pixels=12].parameters`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactName {
    /// Name in the registry of facts.
    pub fact: String,
    /// Settings of the fact that distinguish it from others of that name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<String, Value>,
    /// Words of the quantity that is counted; `None` if the fact has one quantity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<String>,
    /// The number in digits, as in [`Fact::value`](crate::Fact::value); planning adds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl Statement {
    /// Calls `visit` for every quantity without parts, from left to right.
    pub fn visit_leaves<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut Quantity)) {
        match self {
            Self::Compare { left, right, .. } | Self::Equal { left, right, .. } => {
                left.visit_leaves(visit);
                right.visit_leaves(visit);
            }
            Self::And(parts) | Self::Or(parts) => parts.iter_mut().for_each(|part| part.visit_leaves(visit)),
            Self::Not(part) => part.visit_leaves(visit),
        }
    }

    /// Number of levels of the tree, at least 2.
    #[must_use]
    pub fn depth(&self) -> usize {
        1 + match self {
            Self::Compare { left, right, .. } | Self::Equal { left, right, .. } => left.depth().max(right.depth()),
            Self::And(parts) | Self::Or(parts) => parts.iter().map(Self::depth).max().unwrap_or_default(),
            Self::Not(part) => part.depth(),
        }
    }
}

impl Quantity {
    fn visit_leaves<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut Quantity)) {
        match self {
            Self::Negative(part) => part.visit_leaves(visit),
            Self::Sum(parts) | Self::Difference(parts) | Self::Product(parts) | Self::Quotient(parts) => {
                parts.iter_mut().for_each(|part| part.visit_leaves(visit));
            }
            leaf => visit(leaf),
        }
    }

    /// Number of levels of the tree; 1 without parts.
    #[must_use]
    pub fn depth(&self) -> usize {
        1 + match self {
            Self::Negative(part) => part.depth(),
            Self::Sum(parts) | Self::Difference(parts) | Self::Product(parts) | Self::Quotient(parts) => {
                parts[0].depth().max(parts[1].depth())
            }
            _ => 0,
        }
    }

    /// Returns whether a part of the quantity satisfies `test`.
    pub fn any(&self, test: &dyn Fn(&Self) -> bool) -> bool {
        test(self)
            || match self {
                Self::Negative(part) => part.any(test),
                Self::Sum(parts) | Self::Difference(parts) | Self::Product(parts) | Self::Quotient(parts) => {
                    parts.iter().any(|part| part.any(test))
                }
                _ => false,
            }
    }

    /// Returns whether the quantity needs no results: it has numbers and facts only.
    #[must_use]
    pub fn is_constant(&self) -> bool {
        let measured =
            |part: &Self| matches!(part, Self::Figure(_) | Self::Control { .. } | Self::Rate(_) | Self::Wall { .. });
        !self.any(&measured)
    }
}
