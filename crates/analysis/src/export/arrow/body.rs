//! Body of a record batch: the buffers of all columns.

use super::ALIGNMENT;
use crate::export::columns::{Column, Values, bits};

/// Buffers one after another, each aligned.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    /// Per column: rows, and missing values among them.
    pub(super) nodes: Vec<[i64; 2]>,
    /// Per buffer: its place in the body, and its size without padding.
    pub(super) buffers: Vec<[i64; 2]>,
}

impl Body {
    pub(super) fn of(columns: &[Column]) -> Self {
        let mut body = Self::default();
        for column in columns {
            body.add(column);
        }
        body
    }

    /// Appends which rows have a value, and the values; texts are the ends of all texts, and their bytes.
    fn add(&mut self, column: &Column) {
        let missing = column.present.iter().filter(|present| !**present).count();
        self.nodes.push([column.present.len() as i64, missing as i64]);
        self.buffer(&bits(&column.present));
        match &column.values {
            Values::Boolean(flags) => self.buffer(&bits(flags)),
            Values::Signed(all) => self.buffer(&all.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>()),
            Values::Unsigned(all) => self.buffer(&all.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>()),
            Values::Number(all) => self.buffer(&all.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>()),
            Values::Text(all) => {
                let mut end = 0i32;
                let mut offsets = end.to_le_bytes().to_vec();
                for text in all {
                    end += text.len() as i32;
                    offsets.extend(end.to_le_bytes());
                }
                self.buffer(&offsets);
                self.buffer(all.concat().as_bytes());
            }
        }
    }

    fn buffer(&mut self, bytes: &[u8]) {
        self.buffers.push([self.bytes.len() as i64, bytes.len() as i64]);
        self.bytes.extend(bytes);
        self.bytes.resize(self.bytes.len().next_multiple_of(ALIGNMENT), 0);
    }
}
