//! From text to syntax tree, by sqlparser.
//!
//! The tokens are checked before they are parsed, since sqlparser knows the operators of many databases and turns some
//! of them into ordinary ones.

use std::ops::Range;

use sqlparser::ast::{Expr, Spanned};
use sqlparser::dialect::Dialect;
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer, Whitespace};

use super::Fault;

/// A longer text is refused.
const MAX_TOKENS: usize = 100_000;
/// More operators are refused: each may be a level of the tree, and some steps of sqlparser go through it by recursion.
const MAX_OPERATORS: usize = 1_000;

/// Standard SQL: names in double quotes, strings in single ones, no operators of a single database.
#[derive(Debug)]
struct Standard;

impl Dialect for Standard {
    fn is_delimited_identifier_start(&self, character: char) -> bool {
        character == '"'
    }

    fn is_identifier_start(&self, character: char) -> bool {
        character.is_alphabetic() || character == '_'
    }

    fn is_identifier_part(&self, character: char) -> bool {
        character.is_alphanumeric() || character == '_'
    }
}

/// Places in the text, as characters from 0.
pub type Span = Range<usize>;

/// The text, and where its lines begin.
pub struct Source<'a> {
    text: &'a str,
    /// Number of characters before each line.
    lines: Vec<usize>,
}

impl<'a> Source<'a> {
    /// The source with that text.
    pub fn new(text: &'a str) -> Self {
        let mut lines = vec![0];
        lines.extend(
            text.chars().enumerate().filter(|(_, character)| *character == '\n').map(|(at, _)| at + 1),
        );
        Self { text, lines }
    }

    /// Where sqlparser's location is; the end of the text if it is nowhere.
    pub fn position(&self, Location { line, column }: Location) -> usize {
        let line = usize::try_from(line).ok().and_then(|line| self.lines.get(line.checked_sub(1)?));
        line.map_or_else(|| self.len(), |before| before + (column as usize).saturating_sub(1))
    }

    /// The text between two places, without blanks around it.
    pub fn text(&self, span: Span) -> &'a str {
        let byte = |at| self.text.char_indices().nth(at).map_or(self.text.len(), |(byte, _)| byte);
        self.text[byte(span.start)..byte(span.end)].trim()
    }

    /// Number of characters.
    pub fn len(&self) -> usize {
        self.text.chars().count()
    }

    fn fault(&self, location: Location, reason: impl Into<String>) -> Fault {
        Fault { position: self.position(location), reason: reason.into() }
    }

    /// The fault in an error of sqlparser, which has the location at the end of its text.
    fn fault_of(&self, error: ParserError, location: Location) -> Fault {
        let text = match error {
            ParserError::ParserError(text) | ParserError::TokenizerError(text) => text,
            ParserError::RecursionLimitExceeded => {
                return self.fault(location, "there are too many parentheses within each other");
            }
        };
        let (reason, location) = match text.rsplit_once(" at Line: ") {
            Some((reason, place)) => (reason, read_location(place).unwrap_or(location)),
            None => (text.as_str(), Location::empty()),
        };
        let reason = reason.replace("Expected: ", "expected ").replace("found: EOF", "found the end");
        self.fault(location, reason.replace("found: ", "found "))
    }
}

/// `1, Column: 5`.
fn read_location(text: &str) -> Option<Location> {
    let (line, column) = text.split_once(", Column: ")?;
    Some(Location::new(line.parse().ok()?, column.parse().ok()?))
}

/// The tree of the text, and its tokens.
pub fn parse(source: &Source<'_>) -> Result<(Expr, Vec<TokenWithSpan>), Fault> {
    let tokens = Tokenizer::new(&Standard, source.text).tokenize_with_location();
    let tokens = tokens.map_err(|error| source.fault(error.location, error.message))?;
    for token in &tokens {
        check_token(&token.token).map_err(|reason| source.fault(token.span.start, reason))?;
    }
    let words = || tokens.iter().filter(|token| !matches!(token.token, Token::Whitespace(_)));
    if let Some(beyond) = words().nth(MAX_TOKENS) {
        let reason = format!("the text has more than {MAX_TOKENS} words and signs");
        return Err(source.fault(beyond.span.start, reason));
    }
    if let Some(beyond) = words().filter(|token| is_operator(&token.token)).nth(MAX_OPERATORS) {
        let reason = format!(
            "the text has more than {MAX_OPERATORS} operators and parentheses; use IN for a list of values"
        );
        return Err(source.fault(beyond.span.start, reason));
    }
    let mut parser = Parser::new(&Standard).with_tokens_with_locations(tokens.clone());
    let expression = parser.parse_expr();
    let next = parser.peek_token();
    match expression {
        Err(error) => Err(source.fault_of(error, next.span.start)),
        Ok(_) if next.token != Token::EOF => {
            Err(source.fault(next.span.start, format!("expected AND, OR or the end, found {}", next.token)))
        }
        Ok(expression) => Ok((expression, tokens)),
    }
}

/// Refuses a token that no filter has, in words.
fn check_token(token: &Token) -> Result<(), String> {
    match token {
        Token::Word(_)
        | Token::Number(_, false)
        | Token::SingleQuotedString(_)
        | Token::Comma
        | Token::Eq
        | Token::Neq
        | Token::Lt
        | Token::LtEq
        | Token::Gt
        | Token::GtEq
        | Token::Plus
        | Token::Minus
        | Token::Mul
        | Token::Div
        | Token::LParen
        | Token::RParen
        | Token::Whitespace(Whitespace::Space | Whitespace::Newline | Whitespace::Tab)
        | Token::EOF => Ok(()),
        Token::DoubleEq => Err("== is not SQL; write =".to_owned()),
        Token::Period => Err("a name with a dot goes in double quotes".to_owned()),
        Token::SemiColon => Err("a filter is one condition, without a semicolon".to_owned()),
        Token::Whitespace(_) => Err("a filter has no comments".to_owned()),
        other => Err(format!("{other} is not part of a filter")),
    }
}

/// Whether a token may add a level to the tree.
fn is_operator(token: &Token) -> bool {
    match token {
        Token::Word(word) => word.keyword != Keyword::NoKeyword,
        Token::Number(..) | Token::SingleQuotedString(_) | Token::Comma => false,
        _ => true,
    }
}

/// Where an expression begins.
pub fn start_of(expression: &Expr) -> Location {
    let mut first = expression;
    loop {
        first = match first {
            Expr::Identifier(name) => return name.span.start,
            Expr::BinaryOp { left, .. } => left,
            Expr::Nested(inner) | Expr::UnaryOp { expr: inner, .. } => inner,
            Expr::IsNull(inner) | Expr::IsNotNull(inner) => inner,
            Expr::Between { expr, .. } | Expr::InList { expr, .. } | Expr::Like { expr, .. } => expr,
            other => return other.span().start,
        }
    }
}

/// The text of each clause of a top-level AND; `spans` begin and end with the first and last value of each. Between two
/// clauses there is one AND, perhaps with parentheses and NOT around it.
pub fn clauses_of<'a>(
    source: &Source<'_>,
    tokens: &[TokenWithSpan],
    spans: impl Iterator<Item = &'a Span>,
) -> Vec<String> {
    let spans: Vec<&Span> = spans.collect();
    let ands: Vec<usize> =
        tokens.iter().filter(|token| is_and(token)).map(|token| source.position(token.span.start)).collect();
    let between =
        |pair: &[&Span]| ands.iter().copied().find(|and| (pair[0].end..pair[1].start).contains(and));
    let ends: Vec<usize> = spans.windows(2).filter_map(between).collect();
    let starts = [0].into_iter().chain(ends.iter().map(|end| end + "AND".len()));
    let ends = ends.iter().copied().chain([source.len()]);
    starts.zip(ends).map(|(start, end)| source.text(start..end).to_owned()).collect()
}

fn is_and(token: &TokenWithSpan) -> bool {
    matches!(&token.token, Token::Word(word) if word.keyword == Keyword::AND)
}
