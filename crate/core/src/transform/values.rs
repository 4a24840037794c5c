//! The values of a transform file that are not plain text.

use std::ops::RangeInclusive;

use std::fmt;

use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_saphyr::Spanned;

use super::fault::{GIVE_VALUE, QUOTE, quoted};
use super::glob::ALL;
use super::overrides::{self, LIMIT_ADVICE};
use super::{Expected, Hydrogens};
use crate::suggest::closest;

pub(super) const VERSION: u32 = 1;
const APPLY_MODE: &str = "per_site";
const NAME_LENGTH: RangeInclusive<usize> = 1..=200;

/// A reason and, on a second line, a suggestion or nothing: an error of serde has only one text.
type Refusal = String;

/// The types of values: the content of each, and the function that makes it from the value in the file.
macro_rules! values {
    ($($name:ident($content:ty): $read:ident($from:ty), $of:literal;)*) => {$(
        #[derive(Deserialize)]
        #[serde(try_from = $of)]
        pub(super) struct $name(pub(super) $content);

        impl TryFrom<$from> for $name {
            type Error = Refusal;

            fn try_from(value: $from) -> Result<Self, Refusal> {
                $read(value).map(Self)
            }
        }
    )*};
}

values! {
    Version(()): version(Value), "Value";
    Name(String): name(String), "String";
    Pattern(String): pattern(String), "String";
    Products(Expected): products(Value), "Value";
    Molecules(Vec<String>): molecules(Value), "Value";
    Identifier(Option<String>): identifier(Value), "Value";
    SiteLimit(Option<u32>): site_limit(Value), "Value";
    MapNumber(u32): map_number(Value), "Value";
    Probability(f64): probability(Value), "Value";
    Flag(bool): flag(Value), "Value";
    HydrogenAtoms(Hydrogens): hydrogens(String), "String";
    ApplyMode(()): apply_mode(String), "String";
}

/// Reads the value of a key that may be absent but not empty.
pub(super) fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

fn refusal(reason: impl AsRef<str>, suggestion: impl AsRef<str>) -> Refusal {
    format!("{}\n{}", reason.as_ref(), suggestion.as_ref())
}

fn mistyped(expected: &str, value: &Value, suggestion: impl AsRef<str>) -> Refusal {
    let found = match value {
        Value::Null => return refusal(format!("expected {expected}, found nothing"), GIVE_VALUE),
        Value::Bool(value) => format!("the boolean {value}"),
        Value::Number(value) => format!("the number {value}"),
        Value::String(value) => format!("the string {}", quoted(value)),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "a mapping".to_owned(),
    };
    refusal(format!("expected {expected}, found {found}"), suggestion)
}

fn whole(value: Value) -> Result<i128, Refusal> {
    if let Value::Number(number) = &value
        && let Some(whole) = number.as_i128()
    {
        return Ok(whole);
    }
    let suggestion = match &value {
        Value::Number(number) => {
            let whole = number.as_f64().filter(|number| number.fract() == 0.0);
            whole.map(|whole| format!("write {whole:.0}"))
        }
        Value::String(text) => text.parse::<i128>().is_ok().then(|| format!("write {text} without quotes")),
        _ => None,
    };
    Err(mistyped("a whole number", &value, suggestion.unwrap_or_default()))
}

fn flag(value: Value) -> Result<bool, Refusal> {
    let suggestion = match &value {
        Value::Bool(value) => return Ok(*value),
        Value::String(text) => match text.to_ascii_lowercase().as_str() {
            "yes" | "on" | "y" | "true" => "write true",
            "no" | "off" | "n" | "false" => "write false",
            _ => "",
        },
        _ => "",
    };
    Err(mistyped("true or false", &value, suggestion))
}

fn version(value: Value) -> Result<(), Refusal> {
    let number = whole(value)?;
    if number == i128::from(VERSION) {
        return Ok(());
    }
    Err(refusal(format!("version {number} is not known"), format!("this program reads version {VERSION}")))
}

fn name(name: String) -> Result<String, Refusal> {
    let length = name.chars().count();
    if !NAME_LENGTH.contains(&length) {
        let (least, most) = NAME_LENGTH.into_inner();
        return Err(refusal(format!("a name has {least} to {most} characters, not {length}"), ""));
    }
    if let Some(slash) = name.chars().find(|c| matches!(c, '/' | '\\')) {
        return Err(refusal(format!("a name holds no {slash}"), "write _ instead"));
    }
    if let Some(other) = name.chars().find(|c| !is_printable(*c)) {
        let reason = format!("a name holds printable characters only, not U+{:04X}", u32::from(other));
        return Err(refusal(reason, "leave it out"));
    }
    if name == ALL {
        return Err(refusal(format!("{ALL:?} stands for every transform of a file"), "rename it"));
    }
    Ok(name)
}

/// As the standard library decides when it escapes text, because it has the tables; combining marks are allowed.
fn is_printable(character: char) -> bool {
    let is_escaped = || format!("-{character}").escape_debug().count() > 2;
    matches!(character, '\'' | '"' | '\\') || !is_escaped()
}

/// A string on one line that is not empty, for the chemistry toolkit.
fn pattern(text: String) -> Result<String, Refusal> {
    if text.trim().is_empty() {
        return Err(refusal("empty", GIVE_VALUE));
    }
    if let Some(control) = text.chars().find(|c| c.is_control()) {
        let reason = format!("holds the control character {control:?}");
        return Err(refusal(reason, "write it on one line, in quotes"));
    }
    Ok(text)
}

/// A pattern or a list of at least one, each with its place in the file.
pub(super) struct PatternList(pub(super) Vec<Spanned<Pattern>>);

impl<'de> Deserialize<'de> for PatternList {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let Spanned { value, referenced, defined } = Spanned::<OneOrMore>::deserialize(from)?;
        Ok(Self(match value {
            OneOrMore::One(pattern) => vec![Spanned::new(pattern, referenced, defined)],
            OneOrMore::More(patterns) => patterns,
        }))
    }
}

enum OneOrMore {
    One(Pattern),
    More(Vec<Spanned<Pattern>>),
}

impl<'de> Deserialize<'de> for OneOrMore {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(OneOrMoreVisitor)
    }
}

struct OneOrMoreVisitor;

impl<'de> Visitor<'de> for OneOrMoreVisitor {
    type Value = OneOrMore;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or a list of strings")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<OneOrMore, E> {
        pattern(text.to_owned()).map(|text| OneOrMore::One(Pattern(text))).map_err(E::custom)
    }

    // The reader gives the place of the key, not of the value, for a type that a visitor does not know.
    fn visit_unit<E: serde::de::Error>(self) -> Result<OneOrMore, E> {
        neither(Value::Null)
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<OneOrMore, E> {
        neither(value)
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<OneOrMore, E> {
        neither(value)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<OneOrMore, E> {
        neither(value)
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<OneOrMore, E> {
        neither(value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<OneOrMore, A::Error> {
        let mut patterns = Vec::new();
        while let Some(pattern) = list.next_element()? {
            patterns.push(pattern);
        }
        if patterns.is_empty() {
            return Err(A::Error::custom(refusal("the list is empty", GIVE_VALUE)));
        }
        Ok(OneOrMore::More(patterns))
    }
}

/// The error of a value that is neither a pattern nor a list.
fn neither<E: serde::de::Error>(value: impl Into<Value>) -> Result<OneOrMore, E> {
    Err(E::custom(mistyped("a string or a list of strings", &value.into(), QUOTE)))
}

/// A SMILES, or a list of them.
fn products(value: Value) -> Result<Expected, Refusal> {
    match value {
        Value::Array(list) => list.into_iter().map(smiles).collect::<Result<_, _>>().map(Expected::Exactly),
        one => smiles(one).map(Expected::Among),
    }
}

/// A SMILES, or a list of at least one.
fn molecules(value: Value) -> Result<Vec<String>, Refusal> {
    match products(value)? {
        Expected::Among(one) => Ok(vec![one]),
        Expected::Exactly(list) if list.is_empty() => Err(refusal("the list is empty", "give a SMILES")),
        Expected::Exactly(list) => Ok(list),
    }
}

fn smiles(value: Value) -> Result<String, Refusal> {
    match value {
        Value::String(text) => pattern(text),
        other => Err(mistyped("a string", &other, QUOTE)),
    }
}

/// A string, or `None` for a number, whose spelling is only in the file.
fn identifier(value: Value) -> Result<Option<String>, Refusal> {
    match value {
        Value::String(text) => Ok(Some(text)),
        Value::Number(_) => Ok(None),
        _ => Err(mistyped("a string or a number", &value, QUOTE)),
    }
}

fn site_limit(value: Value) -> Result<Option<u32>, Refusal> {
    overrides::site_limit(whole(value)?).map_err(|reason| refusal(reason, LIMIT_ADVICE))
}

fn map_number(value: Value) -> Result<u32, Refusal> {
    let number = whole(value)?;
    match u32::try_from(number) {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(refusal(format!("{number} is not a map number"), "map numbers begin at 1")),
    }
}

fn probability(value: Value) -> Result<f64, Refusal> {
    let Some(number) = value.as_f64() else {
        let is_number = value.as_str().filter(|text| text.parse::<f64>().is_ok());
        let suggestion = is_number.map(|text| format!("write {text} without quotes"));
        return Err(mistyped("a number", &value, suggestion.unwrap_or_default()));
    };
    if (0.0..=1.0).contains(&number) {
        return Ok(number);
    }
    let is_percentage = number > 1.0 && number <= 100.0;
    let suggestion = is_percentage.then(|| format!("write {}", number / 100.0));
    Err(refusal(format!("{number} is not between 0 and 1"), suggestion.unwrap_or_default()))
}

fn hydrogens(text: String) -> Result<Hydrogens, Refusal> {
    text.parse().map_err(|known| {
        let meant = closest(&text, Hydrogens::ALL.map(|(spelling, _)| spelling));
        let meant = meant.map_or(known, |spelling| format!("did you mean {spelling:?}?"));
        refusal(format!("unknown hydrogens {}", quoted(&text)), meant)
    })
}

fn apply_mode(mode: String) -> Result<(), Refusal> {
    if mode == APPLY_MODE {
        return Ok(());
    }
    let meant = match closest(&mode, [APPLY_MODE]) {
        Some(known) => format!("did you mean {known:?}?"),
        None => format!("only {APPLY_MODE:?} is known"),
    };
    Err(refusal(format!("unknown apply_mode {}", quoted(&mode)), meant))
}
