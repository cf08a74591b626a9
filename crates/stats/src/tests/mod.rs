//! Equality with scipy, statsmodels and rliable, and properties of arbitrary numbers.

mod any_time;
mod differences;
mod fixture;
mod laws;
mod verdicts;
