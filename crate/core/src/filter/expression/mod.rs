//! The language of `where`: an SQL condition over the columns of a product.
//!
//! [`syntax`] reads the text with sqlparser and refuses what is not part of the language, `check` turns the rest into
//! a [`Term`] whose types are right, and `evaluate` computes it over Arrow arrays. Nothing can fail after the check: an
//! overflow becomes a floating-point number, a division by zero a null.

mod check;
mod evaluate;
mod kinds;
mod like;
mod moment;
mod number;
mod syntax;

use std::collections::BTreeSet;

use arrow::array::{ArrayRef, BooleanArray};
use arrow::datatypes::FieldRef;
use arrow::error::ArrowError;

use self::check::Checker;
pub use self::kinds::{KINDS, Kind, KindFacts};
use self::like::Pattern;
use self::number::Number;
use self::syntax::{Source, clauses_of};

/// What is wrong with a text, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Position of the fault in characters, from 0.
    pub position: usize,
    /// What is wrong.
    pub reason: String,
}

/// What an expression may name.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// The columns.
    pub columns: &'a [FieldRef],
    /// How many of them, the first ones, a message lists.
    pub listed: usize,
    /// Names that are none of them, each with what would make it one.
    pub absent: &'a [(&'a str, &'a str)],
}

/// The rows over which an expression is evaluated.
pub trait Rows {
    /// Number of rows.
    fn len(&self) -> usize;

    /// The column at `index` in the list with which the expression was read.
    ///
    /// # Errors
    /// Those of making the column.
    fn column(&self, index: usize) -> Result<ArrayRef, ArrowError>;
}

/// A condition: one clause, or those of a top-level AND.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    clauses: Vec<Clause>,
}

/// A part of a condition that a row must meet.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// Its text.
    pub text: String,
    term: Term,
}

impl Expression {
    /// Reads `text`, in which these are the `names`.
    ///
    /// # Errors
    /// The first fault found.
    pub fn read(text: &str, names: Names<'_>) -> Result<Self, Fault> {
        let source = Source::new(text);
        let (expression, tokens) = syntax::parse(&source)?;
        let checker = Checker::new(&source, names);
        let conditions = checker.conditions(&expression)?;
        let texts = clauses_of(&source, &tokens, conditions.iter().map(|(_, span)| span));
        let clauses = texts.into_iter().zip(conditions).map(|(text, (term, _))| Clause { text, term });
        Ok(Self { clauses: clauses.collect() })
    }

    /// Its clauses, in the order of the text.
    pub fn clauses(&self) -> &[Clause] {
        &self.clauses
    }

    /// The positions of the columns that it names, ascending.
    pub fn columns(&self) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        self.clauses.iter().for_each(|clause| clause.term.add_columns(&mut found));
        found
    }
}

impl Clause {
    /// Whether each of `rows` meets the clause; null if that is unknown.
    ///
    /// # Errors
    /// Those of making a column.
    pub fn evaluate(&self, rows: &dyn Rows) -> Result<BooleanArray, ArrowError> {
        evaluate::truths(&self.term, rows)
    }
}

/// A checked expression.
#[derive(Debug, Clone, PartialEq)]
enum Term {
    /// The column at that place in the list.
    Column(usize),
    Number(Number),
    Text(String),
    Negative(Box<Term>),
    Arithmetic(Arithmetic, Box<[Term; 2]>),
    /// Both sides are of that kind.
    Comparison(Kind, Comparison, Box<[Term; 2]>),
    /// Whether the term equals one of some numbers, which ascend.
    OneOfNumbers(Box<Term>, Vec<Number>),
    /// Whether the term equals one of some texts, which ascend.
    OneOfTexts(Box<Term>, Vec<String>),
    Like(Box<Term>, Pattern),
    /// Whether the term, of that kind, is null.
    IsNull(Kind, Box<Term>),
    /// Whether the list at that place in the list of columns has members.
    HasMembers(usize),
    Not(Box<Term>),
    All(Vec<Term>),
    Any(Vec<Term>),
}

impl Term {
    /// Adds the positions of the columns in it to `found`.
    fn add_columns(&self, found: &mut BTreeSet<usize>) {
        match self {
            Self::Column(index) | Self::HasMembers(index) => {
                found.insert(*index);
            }
            Self::Number(_) | Self::Text(_) => {}
            Self::Negative(term)
            | Self::OneOfNumbers(term, _)
            | Self::OneOfTexts(term, _)
            | Self::Like(term, _)
            | Self::IsNull(_, term)
            | Self::Not(term) => term.add_columns(found),
            Self::Arithmetic(_, sides) | Self::Comparison(_, _, sides) => {
                sides.iter().for_each(|term| term.add_columns(found));
            }
            Self::All(terms) | Self::Any(terms) => terms.iter().for_each(|term| term.add_columns(found)),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// The comparisons of two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparison {
    /// Whether it holds for two values in this order.
    fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }

    /// Its sign.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

#[cfg(test)]
mod tests;
