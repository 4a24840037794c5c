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
    /// Reads `text`, in which the names are those of `columns`.
    ///
    /// # Errors
    /// The first fault found.
    pub fn read(text: &str, columns: &[FieldRef]) -> Result<Self, Fault> {
        let source = Source::new(text);
        let (expression, tokens) = syntax::parse(&source)?;
        let checker = Checker::new(&source, columns);
        let conditions = checker.conditions(&expression)?;
        let texts = clauses_of(&source, &tokens, conditions.iter().map(|(_, span)| span));
        let clauses = texts.into_iter().zip(conditions).map(|(text, (term, _))| Clause { text, term });
        Ok(Self { clauses: clauses.collect() })
    }

    /// Its clauses, in the order of the text.
    pub fn clauses(&self) -> &[Clause] {
        &self.clauses
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
