//! Schema of the tables: header and description of each column, and `tables.schema.json`.

use std::borrow::Cow;

use serde_json::{Value, json};

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) name: Cow<'static, str>,
    pub(crate) of: FieldType,
    pub(crate) unit: Option<Cow<'static, str>>,
    /// `true` if values may differ between two runs of the same trial.
    pub(crate) volatile: bool,
    pub(crate) about: Cow<'static, str>,
}

/// Column types of Frictionless "Table Schema" in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldType {
    String,
    Integer,
    Number,
    Boolean,
}

impl FieldType {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
        }
    }
}

impl Field {
    fn new(name: impl Into<Cow<'static, str>>, of: FieldType, about: impl Into<Cow<'static, str>>) -> Self {
        Self { name: name.into(), of, unit: None, volatile: false, about: about.into() }
    }

    /// A column of a type that is known only when the table is written.
    pub(crate) fn of_type(
        name: impl Into<Cow<'static, str>>,
        of: FieldType,
        about: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::new(name, of, about)
    }

    pub(crate) fn text(name: &'static str, about: &'static str) -> Self {
        Self::new(name, FieldType::String, about)
    }

    pub(crate) fn integer(name: &'static str, about: &'static str) -> Self {
        Self::new(name, FieldType::Integer, about)
    }

    pub(crate) fn number(name: impl Into<Cow<'static, str>>, about: impl Into<Cow<'static, str>>) -> Self {
        Self::new(name, FieldType::Number, about)
    }

    pub(crate) fn boolean(name: &'static str, about: &'static str) -> Self {
        Self::new(name, FieldType::Boolean, about)
    }

    pub(crate) fn unit(self, unit: impl Into<Cow<'static, str>>) -> Self {
        Self { unit: Some(unit.into()), ..self }
    }

    pub(crate) fn volatile(self, volatile: bool) -> Self {
        Self { volatile, ..self }
    }

    fn json(&self) -> Value {
        let mut field = json!({ "name": self.name, "type": self.of.word(), "description": self.about });
        if let Some(unit) = &self.unit {
            field["unit"] = json!(unit);
        }
        if self.volatile {
            field["volatile"] = json!(true);
        }
        field
    }
}

/// Schema of one table: file, description of a row, columns.
pub(crate) struct TableSchema {
    pub(crate) file: &'static str,
    pub(crate) about: &'static str,
    pub(crate) fields: Vec<Field>,
}

/// `tables.schema.json`: a Frictionless data package, each resource with its Table Schema.
/// `unit` and `volatile` are extensions of genbench.
pub(crate) fn package(grid: &str, tables: &[TableSchema]) -> Value {
    let resource = |table: &TableSchema| {
        json!({
            "name": table.file.trim_end_matches(".csv"),
            "path": table.file,
            "description": table.about,
            "profile": "tabular-data-resource",
            "encoding": "utf-8",
            "dialect": { "delimiter": ",", "lineTerminator": "\n", "quoteChar": "\"", "doubleQuote": true },
            "schema": {
                "missingValues": [""],
                "fields": table.fields.iter().map(Field::json).collect::<Vec<_>>(),
            },
        })
    };
    json!({
        "profile": "tabular-data-package",
        "title": grid,
        "resources": tables.iter().map(resource).collect::<Vec<_>>(),
    })
}
