//! Text of a statement, with no more parentheses than it needs.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use serde_json::Value;

use super::name_text::Name;
use super::{Claim, FactName, FigureName, Quantity, Relation, Statement};

/// Ranks of operators; a part of a lower rank than its place needs parentheses.
const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const COMPARISON: u8 = 4;
const SUM: u8 = 5;
const PRODUCT: u8 = 6;
const NEGATIVE: u8 = 7;
const ATOM: u8 = 8;

impl Display for Claim {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.statement)
    }
}

impl Display for Relation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
            Self::Equals => "==",
        })
    }
}

impl Display for Statement {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compare { left, relation, right } => write!(f, "{left} {relation} {right}"),
            Self::Equal { left, right, tolerance } => write!(f, "equal({left}, {right}, {})", Number(*tolerance)),
            Self::And(parts) => joined(f, parts, " and ", NOT),
            Self::Or(parts) => joined(f, parts, " or ", AND),
            Self::Not(part) => {
                f.write_str("not ")?;
                inside(f, &**part, part.rank() < NOT)
            }
        }
    }
}

impl Statement {
    fn rank(&self) -> u8 {
        match self {
            Self::Compare { .. } => COMPARISON,
            Self::Equal { .. } => ATOM,
            Self::And(_) => AND,
            Self::Or(_) => OR,
            Self::Not(_) => NOT,
        }
    }
}

fn joined(f: &mut Formatter<'_>, parts: &[Statement], word: &str, least: u8) -> fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            f.write_str(word)?;
        }
        inside(f, part, part.rank() < least)?;
    }
    Ok(())
}

fn inside(f: &mut Formatter<'_>, part: &dyn Display, in_parentheses: bool) -> fmt::Result {
    if in_parentheses { write!(f, "({part})") } else { write!(f, "{part}") }
}

impl Display for Quantity {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{}", Number(*number)),
            Self::Figure(name) => write!(f, "{name}"),
            Self::Control { of, control } => write!(f, "control({of}, {})", Name(control)),
            Self::Rate(name) => write!(f, "rate({name})"),
            Self::Wall { variant } => write!(f, "wall({})", Name(variant)),
            Self::Fact(name) => write!(f, "fact({name})"),
            Self::Negative(part) => {
                f.write_str("-")?;
                inside(f, &**part, part.rank() < NEGATIVE)
            }
            Self::Sum(parts) => binary(f, parts, "+", SUM),
            Self::Difference(parts) => binary(f, parts, "-", SUM),
            Self::Product(parts) => binary(f, parts, "*", PRODUCT),
            Self::Quotient(parts) => binary(f, parts, "/", PRODUCT),
        }
    }
}

impl Quantity {
    fn rank(&self) -> u8 {
        match self {
            Self::Sum(_) | Self::Difference(_) => SUM,
            Self::Product(_) | Self::Quotient(_) => PRODUCT,
            Self::Negative(_) => NEGATIVE,
            _ => ATOM,
        }
    }
}

/// Operators group from the left, so that a right part of the same rank needs parentheses.
fn binary(f: &mut Formatter<'_>, [left, right]: &[Quantity; 2], operator: &str, rank: u8) -> fmt::Result {
    inside(f, left, left.rank() < rank)?;
    write!(f, " {operator} ")?;
    inside(f, right, right.rank() <= rank)
}

impl Display for FigureName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}{}", Name(&self.variant), Name(&self.figure), Settings(&self.settings))
    }
}

impl Display for FactName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", Name(&self.fact), Settings(&self.settings))?;
        self.quantity.iter().try_for_each(|words| write!(f, ".{}", Name(words)))
    }
}

/// Settings in brackets; nothing without settings.
struct Settings<'a>(&'a BTreeMap<String, Value>);

impl Display for Settings<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (at, (key, value)) in self.0.iter().enumerate() {
            write!(f, "{}{}=", if at == 0 { "[" } else { ", " }, Name(key))?;
            match value {
                Value::String(text) => write!(f, "\"{}\"", text.replace('"', "\"\""))?,
                other => write!(f, "{other}")?,
            }
        }
        f.write_str(if self.0.is_empty() { "" } else { "]" })
    }
}

/// A number as short as it reads back, in scientific notation if it is very small or large.
struct Number(f64);

impl Display for Number {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let plain = self.0 == 0.0 || (1e-4..1e15).contains(&self.0);
        if plain { write!(f, "{}", self.0) } else { write!(f, "{:e}", self.0) }
    }
}
