//! From syntax tree to checked expression: names become columns, types are compared, everything else is refused.

use std::cmp::Ordering;

use sqlparser::ast::{BinaryOperator, Expr, Ident, UnaryOperator, Value, ValueWithSpan};
use sqlparser::tokenizer;

use super::like::Pattern;
use super::moment::moment_of;
use super::number::Number;
use super::syntax::{Source, Span, start_of};
use super::{Arithmetic, Comparison, Fault, Kind, Names, Term};
use crate::suggest::closest;

/// Longest chain of operations without parentheses, such as `a + b + c`; AND and OR have no limit.
const MAX_DEPTH: usize = 100;

/// Checks expressions over some columns.
pub struct Checker<'a> {
    source: &'a Source<'a>,
    names: Names<'a>,
}

/// An expression, the kind of its values, and its place from the first to the last value in it.
struct Typed {
    term: Term,
    kind: Kind,
    span: Span,
}

impl<'a> Checker<'a> {
    /// For expressions of `source` with these `names`.
    pub fn new(source: &'a Source<'a>, names: Names<'a>) -> Self {
        Self { source, names }
    }

    /// The conditions of a top-level AND, or the only one.
    pub fn conditions(&self, expression: &Expr) -> Result<Vec<(Term, Span)>, Fault> {
        let conditions = operands(expression, &BinaryOperator::And).into_iter();
        conditions.map(|condition| self.condition(condition, 0)).collect()
    }

    fn check(&self, expression: &Expr, depth: usize) -> Result<Typed, Fault> {
        if depth > MAX_DEPTH {
            return Err(self.fault(expression, "the expression has too many parts; use parentheses"));
        }
        let depth = depth + 1;
        match expression {
            Expr::Nested(inner) => self.check(inner, depth),
            Expr::Identifier(name) => self.column(name),
            Expr::Value(value) => self.literal(value),
            Expr::UnaryOp { op: UnaryOperator::Not, expr } => {
                let (term, span) = self.condition(expr, depth)?;
                Ok(Typed { term: Term::Not(Box::new(term)), kind: Kind::Boolean, span })
            }
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => {
                let Typed { term, span, .. } = self.of_kind(Kind::Number, expr, depth)?;
                Ok(Typed { term: Term::Negative(Box::new(term)), kind: Kind::Number, span })
            }
            Expr::UnaryOp { op: UnaryOperator::Plus, expr } => self.of_kind(Kind::Number, expr, depth),
            Expr::BinaryOp { op: BinaryOperator::And, .. } => {
                self.junction(expression, &BinaryOperator::And, Term::All, depth)
            }
            Expr::BinaryOp { op: BinaryOperator::Or, .. } => {
                self.junction(expression, &BinaryOperator::Or, Term::Any, depth)
            }
            Expr::BinaryOp { left, op, right } => {
                if let Some(comparison) = comparison_of(op) {
                    let (left, right) = (self.check(left, depth)?, self.check(right, depth)?);
                    return self.compare(left, comparison, right);
                }
                let Some(operation) = arithmetic_of(op) else { return Err(self.unsupported(expression)) };
                let left = self.of_kind(Kind::Number, left, depth)?;
                let right = self.of_kind(Kind::Number, right, depth)?;
                let span = left.span.start..right.span.end;
                let term = Term::Arithmetic(operation, Box::new([left.term, right.term]));
                Ok(Typed { term, kind: Kind::Number, span })
            }
            Expr::Between { expr, negated, low, high } => {
                let [value, low, high] =
                    [self.check(expr, depth)?, self.check(low, depth)?, self.check(high, depth)?];
                let span = value.span.start..high.span.end;
                let from = self.compare(value.copy(), Comparison::GreaterOrEqual, low)?;
                let to = self.compare(value, Comparison::LessOrEqual, high)?;
                Ok(negated_if(*negated, Term::All(vec![from.term, to.term]), span))
            }
            Expr::InList { expr, list, negated } => {
                let value = self.check(expr, depth)?;
                let items: Vec<Typed> =
                    list.iter().map(|item| self.check(item, depth)).collect::<Result<_, _>>()?;
                let end = items.last().map_or(value.span.end, |last| last.span.end);
                let span = value.span.start..end;
                Ok(negated_if(*negated, self.one_of(value, items)?, span))
            }
            Expr::Like { negated, any: false, expr, pattern, escape_char } => {
                let value = self.of_kind(Kind::Text, expr, depth)?;
                let (pattern, end) = self.pattern(pattern, escape_char.as_ref())?;
                let span = value.span.start..end;
                Ok(negated_if(*negated, Term::Like(Box::new(value.term), pattern), span))
            }
            Expr::IsNull(expr) => self.is_null(expr, false, depth),
            Expr::IsNotNull(expr) => self.is_null(expr, true, depth),
            other => Err(self.unsupported(other)),
        }
    }

    /// An expression that is true or false by itself.
    fn condition(&self, expression: &Expr, depth: usize) -> Result<(Term, Span), Fault> {
        let Typed { term, kind, span } = self.check(expression, depth)?;
        match (kind, term) {
            (Kind::Boolean, term) => Ok((term, span)),
            (Kind::List, Term::Column(index)) => Ok((Term::HasMembers(index), span)),
            (kind, _) => {
                let reason = format!("{} is not a condition; compare it with a value", kind.name());
                Err(Fault { position: span.start, reason })
            }
        }
    }

    fn of_kind(&self, wanted: Kind, expression: &Expr, depth: usize) -> Result<Typed, Fault> {
        let found = self.check(expression, depth)?;
        if found.kind == wanted {
            return Ok(found);
        }
        let reason = format!("expected {}, found {}", wanted.name(), found.kind.name());
        Err(Fault { position: found.span.start, reason })
    }

    fn column(&self, name: &Ident) -> Result<Typed, Fault> {
        let index = self.find(&name.value).map_err(|reason| self.fault_at(name.span, reason))?;
        let kind = Kind::of(self.names.columns[index].data_type());
        Ok(Typed { term: Term::Column(index), kind, span: self.span(name.span) })
    }

    /// The column of that name, in any case if only one has it.
    fn find(&self, name: &str) -> Result<usize, String> {
        let Names { columns, listed, absent } = self.names;
        let names = || columns.iter().map(|column| column.name().as_str());
        if let Some(exact) = names().position(|known| known == name) {
            return Ok(exact);
        }
        let lower = name.to_lowercase();
        let alike: Vec<usize> = names()
            .enumerate()
            .filter(|(_, known)| known.to_lowercase() == lower)
            .map(|(at, _)| at)
            .collect();
        match alike.as_slice() {
            [only] => Ok(*only),
            [] => {
                let absent = absent.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
                let advice = match (absent, closest(name, names())) {
                    (Some((_, advice)), _) => (*advice).to_owned(),
                    (None, Some(close)) => format!("did you mean {close:?}?"),
                    (None, None) => {
                        let names = names().take(listed).collect::<Vec<_>>().join(", ");
                        let more = if listed < columns.len() { ", and all properties" } else { "" };
                        format!("the columns are {names}{more}")
                    }
                };
                Err(format!("there is no column {name:?}; {advice}"))
            }
            several => {
                let several: Vec<String> =
                    several.iter().map(|&at| format!("{:?}", columns[at].name())).collect();
                Err(format!("{name:?} may be any of {}; write its exact name", several.join(", ")))
            }
        }
    }

    fn literal(&self, literal: &ValueWithSpan) -> Result<Typed, Fault> {
        let span = self.span(literal.span);
        let refuse = |reason: String| Err(Fault { position: span.start, reason });
        let (term, kind) = match &literal.value {
            Value::Number(text, false) => match Number::parse(text) {
                Some(number) => (Term::Number(number), Kind::Number),
                None => return refuse(format!("{text} is not a number, or too large")),
            },
            Value::SingleQuotedString(text) => (Term::Text(text.clone()), Kind::Text),
            Value::Null => return refuse("nothing equals a null; use IS NULL or IS NOT NULL".to_owned()),
            Value::Boolean(truth) => {
                let instead = if *truth { "name the column alone" } else { "write NOT before the column" };
                return refuse(format!("a filter has no {truth}; {instead}"));
            }
            other => return refuse(format!("{other} is not part of a filter")),
        };
        Ok(Typed { term, kind, span })
    }

    fn junction(
        &self,
        expression: &Expr,
        operator: &BinaryOperator,
        term: fn(Vec<Term>) -> Term,
        depth: usize,
    ) -> Result<Typed, Fault> {
        let operands = operands(expression, operator).into_iter();
        let operands =
            operands.map(|operand| self.condition(operand, depth)).collect::<Result<Vec<_>, _>>()?;
        let start = operands.first().map_or(0, |(_, span)| span.start);
        let end = operands.last().map_or(start, |(_, span)| span.end);
        let terms = operands.into_iter().map(|(term, _)| term).collect();
        Ok(Typed { term: term(terms), kind: Kind::Boolean, span: start..end })
    }

    fn compare(&self, left: Typed, comparison: Comparison, right: Typed) -> Result<Typed, Fault> {
        let span = left.span.start..right.span.end;
        let (left, right) = (as_moment(left, right.kind)?, right);
        let right = as_moment(right, left.kind)?;
        let kind = left.kind;
        if kind != right.kind || kind.facts().comparisons.is_empty() {
            let reason = format!("{} does not compare with {}", kind.name(), right.kind.name());
            return Err(Fault { position: span.start, reason });
        }
        if !kind.facts().comparisons.contains(&comparison) {
            let reason = format!("{} has no order; use = or <>", kind.name());
            return Err(Fault { position: span.start, reason });
        }
        let term = Term::Comparison(kind, comparison, Box::new([left.term, right.term]));
        Ok(Typed { term, kind: Kind::Boolean, span })
    }

    /// Whether `value` equals one of `items`, which are found by halving if all of them are literals.
    fn one_of(&self, value: Typed, items: Vec<Typed>) -> Result<Term, Fault> {
        let items: Vec<Typed> =
            items.into_iter().map(|item| as_moment(item, value.kind)).collect::<Result<_, _>>()?;
        let literals = |literal: &dyn Fn(&Term) -> bool| items.iter().all(|item| literal(&item.term));
        match value.kind {
            Kind::Number | Kind::Moment
                if literals(&|term| matches!(term, Term::Number(_)))
                    && items.iter().all(|item| item.kind == value.kind) =>
            {
                let numbers = items.iter().filter_map(|item| match item.term {
                    Term::Number(number) => Some(number),
                    _ => None,
                });
                let mut numbers: Vec<Number> = numbers.collect();
                numbers.sort_by(|one, other| one.compare(*other).unwrap_or(Ordering::Equal));
                Ok(Term::OneOfNumbers(Box::new(value.term), numbers))
            }
            Kind::Text if literals(&|term| matches!(term, Term::Text(_))) => {
                let texts = items.into_iter().filter_map(|item| match item.term {
                    Term::Text(text) => Some(text),
                    _ => None,
                });
                let mut texts: Vec<String> = texts.collect();
                texts.sort();
                Ok(Term::OneOfTexts(Box::new(value.term), texts))
            }
            _ => {
                let equal = |item| Ok(self.compare(value.copy(), Comparison::Equal, item)?.term);
                items.into_iter().map(equal).collect::<Result<_, _>>().map(Term::Any)
            }
        }
    }

    /// The pattern of a LIKE, and where it ends.
    fn pattern(&self, pattern: &Expr, escape: Option<&ValueWithSpan>) -> Result<(Pattern, usize), Fault> {
        let refuse = |reason: &str| self.fault(pattern, reason);
        let Expr::Value(ValueWithSpan { value: Value::SingleQuotedString(text), span }) = pattern else {
            return Err(refuse("the pattern of LIKE must be a string"));
        };
        let span = self.span(*span);
        let Some(escape) = escape else {
            let pattern = Pattern::read(text, None).ok_or_else(|| refuse("the pattern is not valid"))?;
            return Ok((pattern, span.end));
        };
        let at_escape = |reason: &str| self.fault_at(escape.span, reason);
        let Value::SingleQuotedString(character) = &escape.value else {
            return Err(at_escape("ESCAPE must be followed by a string"));
        };
        let mut characters = character.chars();
        let (Some(character), None) = (characters.next(), characters.next()) else {
            return Err(at_escape("the string after ESCAPE must have one character"));
        };
        let reason = "in the pattern, %, _ or the escape character must follow the escape character";
        let pattern = Pattern::read(text, Some(character)).ok_or_else(|| refuse(reason))?;
        Ok((pattern, self.span(escape.span).end))
    }

    fn is_null(&self, expression: &Expr, negated: bool, depth: usize) -> Result<Typed, Fault> {
        let Typed { term, kind, span } = self.check(expression, depth)?;
        Ok(negated_if(negated, Term::IsNull(kind, Box::new(term)), span))
    }

    fn unsupported(&self, expression: &Expr) -> Fault {
        let what = match expression {
            Expr::Function(_) => "functions are",
            Expr::Case { .. } => "CASE is",
            Expr::Cast { .. } | Expr::Convert { .. } | Expr::TypedString(_) => "a change of type is",
            Expr::InSubquery { .. } | Expr::Subquery(_) | Expr::Exists { .. } => "queries are",
            Expr::ILike { .. } => "ILIKE is",
            _ => "this is",
        };
        let reason = format!(
            "{what} not part of a filter, which has comparisons, BETWEEN, IN, LIKE, IS NULL, AND, OR, NOT, + - * / only"
        );
        self.fault(expression, &reason)
    }

    fn span(&self, span: tokenizer::Span) -> Span {
        let start = self.source.position(span.start);
        // sqlparser's end is the place after the last character.
        start..self.source.position(span.end).max(start)
    }

    fn fault(&self, expression: &Expr, reason: &str) -> Fault {
        let start = start_of(expression);
        self.fault_at(tokenizer::Span::new(start, start), reason)
    }

    fn fault_at(&self, span: tokenizer::Span, reason: impl Into<String>) -> Fault {
        let is_nowhere = span.start.line == 0;
        let position = if is_nowhere { 0 } else { self.source.position(span.start) };
        Fault { position, reason: reason.into() }
    }
}

impl Typed {
    fn copy(&self) -> Self {
        Self { term: self.term.clone(), kind: self.kind, span: self.span.clone() }
    }
}

/// `a`, `b` and `c` of `a AND b AND c`. Not by recursion: there may be thousands.
fn operands<'a>(expression: &'a Expr, operator: &BinaryOperator) -> Vec<&'a Expr> {
    let (mut operands, mut rest) = (Vec::new(), expression);
    while let Expr::BinaryOp { left, op, right } = rest
        && op == operator
    {
        operands.push(&**right);
        rest = left;
    }
    operands.push(rest);
    operands.reverse();
    operands
}

fn negated_if(negated: bool, term: Term, span: Span) -> Typed {
    let term = if negated { Term::Not(Box::new(term)) } else { term };
    Typed { term, kind: Kind::Boolean, span }
}

/// A string beside a date or time stamp names a moment.
fn as_moment(typed: Typed, other: Kind) -> Result<Typed, Fault> {
    match &typed.term {
        Term::Text(text) if other == Kind::Moment => match moment_of(text) {
            Some(moment) => {
                Ok(Typed { term: Term::Number(Number::Whole(moment)), kind: Kind::Moment, span: typed.span })
            }
            None => {
                let reason = format!(
                    "{text:?} is not a date or time in ISO 8601, such as '2025-01-31' or '2025-01-31T12:00:00Z'"
                );
                Err(Fault { position: typed.span.start, reason })
            }
        },
        _ => Ok(typed),
    }
}

fn comparison_of(operator: &BinaryOperator) -> Option<Comparison> {
    Some(match operator {
        BinaryOperator::Eq => Comparison::Equal,
        BinaryOperator::NotEq => Comparison::NotEqual,
        BinaryOperator::Lt => Comparison::Less,
        BinaryOperator::LtEq => Comparison::LessOrEqual,
        BinaryOperator::Gt => Comparison::Greater,
        BinaryOperator::GtEq => Comparison::GreaterOrEqual,
        _ => return None,
    })
}

fn arithmetic_of(operator: &BinaryOperator) -> Option<Arithmetic> {
    Some(match operator {
        BinaryOperator::Plus => Arithmetic::Add,
        BinaryOperator::Minus => Arithmetic::Subtract,
        BinaryOperator::Multiply => Arithmetic::Multiply,
        BinaryOperator::Divide => Arithmetic::Divide,
        _ => return None,
    })
}
