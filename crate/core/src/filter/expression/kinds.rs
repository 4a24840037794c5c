//! The kinds of values that a filter tells apart, and which of them compare.

use arrow::datatypes::DataType;

use super::Comparison;

/// A kind of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Numbers.
    Number,
    /// Text.
    Text,
    /// True or false.
    Boolean,
    /// Dates and time stamps.
    Moment,
    /// Lists.
    List,
    /// Everything else.
    Other,
}

/// What a filter can do with a kind of values. The table in the documentation is made of these.
#[derive(Debug)]
pub struct KindFacts {
    /// The kind.
    pub kind: Kind,
    /// Its name in messages, with an article.
    pub name: &'static str,
    /// Its name in the documentation.
    pub title: &'static str,
    /// The types of columns.
    pub types: &'static str,
    /// How two values of the kind compare; none if they do not.
    pub comparisons: &'static [Comparison],
    /// What they compare with, in words.
    pub compares_with: &'static str,
    /// What else can be done with them.
    pub also: &'static str,
}

use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};

const ORDERED: &[Comparison] = &[Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual];

/// All kinds, in the order of [`Kind`].
pub const KINDS: [KindFacts; 6] = [
    KindFacts {
        kind: Kind::Number,
        name: "a number",
        title: "numbers",
        types: "integers, floating-point numbers, decimals",
        comparisons: ORDERED,
        compares_with: "numbers of any type, by their exact values",
        also: "`BETWEEN`, `IN`, `+ - * /`",
    },
    KindFacts {
        kind: Kind::Text,
        name: "text",
        title: "text",
        types: "strings",
        comparisons: ORDERED,
        compares_with: "text, character by character in the order of Unicode",
        also: "`BETWEEN`, `IN`, `LIKE`",
    },
    KindFacts {
        kind: Kind::Boolean,
        name: "true or false",
        title: "true or false",
        types: "booleans; conditions in parentheses",
        comparisons: &[Equal, NotEqual],
        compares_with: "booleans",
        also: "a condition by itself; `AND`, `OR`, `NOT`",
    },
    KindFacts {
        kind: Kind::Moment,
        name: "a date or time stamp",
        title: "dates and time stamps",
        types: "dates, time stamps with or without a time zone",
        comparisons: ORDERED,
        compares_with: "dates and time stamps; strings in ISO 8601, such as `'2025-01-31'` or `'2025-01-31T12:00:00Z'`",
        also: "`BETWEEN`, `IN`",
    },
    KindFacts {
        kind: Kind::List,
        name: "a list",
        title: "lists",
        types: "lists and maps",
        comparisons: &[],
        compares_with: "nothing",
        also: "a condition by itself: true if the list is not empty; `AND`, `OR`, `NOT`",
    },
    KindFacts {
        kind: Kind::Other,
        name: "a value of another type",
        title: "all others",
        types: "binary data, structs, times of day, durations and others",
        comparisons: &[],
        compares_with: "nothing",
        also: "`IS NULL` only, which all kinds have",
    },
];

impl Kind {
    /// The kind of a column's values.
    pub fn of(data_type: &DataType) -> Self {
        match data_type {
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Self::Text,
            DataType::Boolean => Self::Boolean,
            DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => Self::Moment,
            DataType::List(_)
            | DataType::LargeList(_)
            | DataType::ListView(_)
            | DataType::LargeListView(_)
            | DataType::FixedSizeList(..)
            | DataType::Map(..) => Self::List,
            numeric if numeric.is_numeric() => Self::Number,
            _ => Self::Other,
        }
    }

    /// What a filter can do with it.
    pub fn facts(self) -> &'static KindFacts {
        &KINDS[self as usize]
    }

    /// Its name in messages, with an article.
    pub fn name(self) -> &'static str {
        self.facts().name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_finds_its_own_facts() {
        assert!(KINDS.iter().all(|facts| facts.kind.facts().kind == facts.kind));
    }
}
