//! Seeds: a list, or their number.

use std::collections::HashMap;

use serde_json::Value;

use super::Reader;
use crate::grid::Spanned;
use crate::node::{Content, Entry, Node};
use crate::source::Span;

/// Largest number of seeds of a variant.
const MAX_SEEDS: u64 = 1_000_000;

impl Reader {
    /// Reads the seeds: a list without duplicates, or a number of seeds that are counted from 0.
    pub(crate) fn seeds(&mut self, entry: &Entry) -> Option<Spanned<Vec<u64>>> {
        let span = entry.value.span;
        let value = match &entry.value.content {
            Content::Scalar(Value::Number(count)) if count.is_u64() || count.is_i64() => match count.as_u64() {
                Some(count @ 1..=MAX_SEEDS) => (0..count).collect(),
                _ => {
                    let message = format!("`{}`: {count} is out of range", entry.key);
                    self.error(span, message, format!("write a number from 1 to {MAX_SEEDS}, or a list of seeds"));
                    return None;
                }
            },
            Content::List(items) if !items.is_empty() => self.seed_list(items)?,
            Content::List(_) => {
                self.error(span, "`seeds` is empty", "write a number of seeds, such as `seeds: 3`, or a list of seeds");
                return None;
            }
            Content::Scalar(value) => {
                let meant = self.meant_whole(entry.value.span);
                let example =
                    meant.filter(|_| !value.is_null()).map_or("seeds: 3".to_owned(), |n| format!("seeds: {n}"));
                self.wrong(entry, "a number of seeds or a list of seeds", &example);
                return None;
            }
            Content::Block(_) => {
                self.wrong(entry, "a number of seeds or a list of seeds", "seeds: 3");
                return None;
            }
        };
        Some(Spanned { span, value })
    }

    fn seed_list(&mut self, items: &[Node]) -> Option<Vec<u64>> {
        let mut first: HashMap<u64, Span> = HashMap::new();
        let mut seeds = Vec::with_capacity(items.len());
        for item in items {
            let advice = || self.meant_whole(item.span).map(|number| format!("write `{number}`"));
            let Content::Scalar(Value::Number(number)) = &item.content else {
                let help = advice().unwrap_or_else(|| "for example `[0, 1, 2]`".to_owned());
                self.error(item.span, format!("a seed must be a whole number, not {}", item.kind()), help);
                continue;
            };
            let Some(seed) = number.as_u64() else {
                let help =
                    advice().filter(|_| number.is_f64()).unwrap_or_else(|| format!("allowed: 0 to {}", u64::MAX));
                self.error(item.span, format!("{number} is not a seed"), help);
                continue;
            };
            match first.get(&seed) {
                Some(earlier) => {
                    let help = "list each seed once";
                    self.clash(
                        item.span,
                        format!("seed {seed} is listed twice"),
                        help,
                        (*earlier, "first listed here"),
                    );
                }
                None => {
                    first.insert(seed, item.span);
                    seeds.push(seed);
                }
            }
        }
        (seeds.len() == items.len()).then_some(seeds)
    }
}
