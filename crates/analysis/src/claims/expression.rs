//! Value of an expression and its derivatives by the results in it.

use std::collections::BTreeMap;

use protocol::{FactName, Quantity};

use super::sample::Sample;
use super::samples::{Found, Samples};

/// Largest whole number up to which every whole number is an f64.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A value with its derivatives. For sums of results times numbers the derivatives are the factors; for products and
/// quotients of results they hold to first order.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Expression {
    pub(super) value: f64,
    /// Derivative by each result, by its index in [`Results`].
    pub(super) slopes: BTreeMap<usize, f64>,
    /// `true` if the expression is linear in the results.
    pub(super) is_linear: bool,
    /// `true` if a number in it has lost digits.
    pub(super) is_rounded: bool,
}

/// The results in a comparison, each once.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Results {
    quantities: Vec<Quantity>,
    pub(super) found: Vec<Found>,
}

impl Results {
    /// The expression of a quantity; adds its results to `self`.
    ///
    /// # Errors
    /// The reason why a part has no value.
    pub(super) fn expression(&mut self, samples: &Samples<'_>, quantity: &Quantity) -> Result<Expression, String> {
        let mut both = |parts: &[Quantity; 2]| -> Result<(Expression, Expression), String> {
            Ok((self.expression(samples, &parts[0])?, self.expression(samples, &parts[1])?))
        };
        match quantity {
            Quantity::Number(number) => Ok(Expression::constant(*number, false)),
            Quantity::Fact(fact) => fact_value(fact),
            Quantity::Negative(part) => Ok(self.expression(samples, part)?.times(-1.0)),
            Quantity::Sum(parts) => both(parts).map(|(a, b)| a.plus(&b)),
            Quantity::Difference(parts) => both(parts).map(|(a, b)| a.plus(&b.times(-1.0))),
            Quantity::Product(parts) => both(parts).map(|(a, b)| a.product(&b)),
            Quantity::Quotient(parts) => {
                let (a, b) = both(parts)?;
                let inverse = b.inverse().ok_or_else(|| format!("{quantity} divides by 0"))?;
                Ok(a.product(&inverse))
            }
            result => self.result(samples, result),
        }
    }

    fn result(&mut self, samples: &Samples<'_>, quantity: &Quantity) -> Result<Expression, String> {
        if let Some(at) = self.quantities.iter().position(|known| known == quantity) {
            return Ok(Expression::result(at, mean(&self.found[at])));
        }
        let found = samples.find(quantity)?;
        if let Found::Mean(sample) = &found
            && let Some(count) = sample.count()
        {
            return Ok(Expression::constant(count, false));
        }
        let expression = Expression::result(self.found.len(), mean(&found));
        self.quantities.push(quantity.clone());
        self.found.push(found);
        Ok(expression)
    }

    /// The means over seeds among the results, with their indices.
    pub(super) fn means(&self) -> impl Iterator<Item = (usize, &Sample)> {
        self.found.iter().enumerate().filter_map(|(at, found)| match found {
            Found::Mean(sample) => Some((at, sample)),
            Found::Rate { .. } => None,
        })
    }
}

fn mean(found: &Found) -> f64 {
    match found {
        Found::Mean(sample) => sample.values.iter().map(|(_, value)| value).sum::<f64>() / sample.values.len() as f64,
        Found::Rate { rate, .. } => rate.value(),
    }
}

/// The number of a fact. A long one is shortened in the plan, such as `101745825697… (237 digits)`.
fn fact_value(fact: &FactName) -> Result<Expression, String> {
    let unknown = || format!("fact({fact}) has no number");
    let text = fact.value.as_deref().ok_or_else(unknown)?;
    if let Ok(value) = text.parse::<f64>() {
        return Ok(Expression::constant(value, value.abs() > EXACT));
    }
    let (first, rest) = text.split_once('…').ok_or_else(unknown)?;
    let digits: usize = rest.chars().filter(char::is_ascii_digit).collect::<String>().parse().map_err(|_| unknown())?;
    let exponent = digits.saturating_sub(first.len());
    let value = format!("{first}e{exponent}").parse::<f64>().ok().filter(|value| value.is_finite());
    value
        .map(|value| Expression::constant(value, true))
        .ok_or_else(|| format!("fact({fact}) is too large to compute with"))
}

impl Expression {
    fn constant(value: f64, is_rounded: bool) -> Self {
        Self { value, slopes: BTreeMap::new(), is_linear: true, is_rounded }
    }

    fn result(at: usize, value: f64) -> Self {
        Self { slopes: BTreeMap::from([(at, 1.0)]), ..Self::constant(value, false) }
    }

    pub(super) fn times(mut self, factor: f64) -> Self {
        self.value *= factor;
        self.slopes.values_mut().for_each(|slope| *slope *= factor);
        self
    }

    fn plus(mut self, other: &Self) -> Self {
        self.value += other.value;
        other.slopes.iter().for_each(|(at, slope)| *self.slopes.entry(*at).or_default() += slope);
        self.is_linear &= other.is_linear;
        self.is_rounded |= other.is_rounded;
        self
    }

    fn product(&self, other: &Self) -> Self {
        let (a, b) = (self.clone().times(other.value), other.clone().times(self.value));
        let is_constant = self.slopes.is_empty() || other.slopes.is_empty();
        let value = a.value;
        let sum = a.plus(&b);
        Self { value, is_linear: sum.is_linear && is_constant, ..sum }
    }

    /// 1 divided by the expression; `None` if its value is 0.
    fn inverse(&self) -> Option<Self> {
        let value = 1.0 / self.value;
        let slopes = self.slopes.iter().map(|(at, slope)| (*at, -slope * value * value)).collect();
        value.is_finite().then(|| Self { value, slopes, is_linear: self.slopes.is_empty(), ..self.clone() })
    }

    /// This expression minus `other`, without results that cancel.
    pub(super) fn minus(self, other: &Self) -> Self {
        let mut difference = self.plus(&other.clone().times(-1.0));
        difference.slopes.retain(|_, slope| *slope != 0.0);
        difference
    }
}
