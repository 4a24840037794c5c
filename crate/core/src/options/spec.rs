//! The declaration of an option, and what follows from it here: errors, the range check, and the option's place in
//! the shape of a run.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::value::{Kind, OptionValue};
use crate::error::Error;

/// A command or a function that accepts options.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Command {
    /// `apply` and `check`.
    Apply,
    /// `cluster apply`.
    ClusterApply,
    /// `merge`.
    Merge,
    /// `transformSmiles`.
    TransformSmiles,
    /// `rules list`.
    ListRules,
    /// `rules show`.
    ShowRule,
    /// `rules check` and `checkRules`.
    CheckRules,
    /// `try` and `tryTransform`.
    TryTransform,
    /// `export` and `exportTable`.
    ExportTable,
    /// `sample` and `sampleTable`.
    SampleTable,
    /// `summarize`.
    Summarize,
    /// `gallery`.
    Gallery,
    /// `demo`.
    Demo,
    /// `cluster scheduler`.
    Scheduler,
    /// `cluster executor`.
    Executor,
}

impl fmt::Display for Command {
    /// Its name in the API.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// The numbers that an option accepts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Range {
    /// Every value of the type.
    Any,
    /// This number or more.
    AtLeast(u32),
    /// From the first to the second, both included.
    Within(u32, u32),
    /// Greater than 0 and less than 1.
    Share,
}

impl Range {
    fn check(self, number: f64) -> Result<(), String> {
        match self {
            Self::AtLeast(least) | Self::Within(least, _) if number < f64::from(least) => {
                Err(format!("must be at least {least}"))
            }
            Self::Within(_, most) if number > f64::from(most) => Err(format!("{number} is more than {most}")),
            Self::Share if !(number > 0.0 && number < 1.0) => {
                Err(format!("{number} does not lie between 0 and 1"))
            }
            Self::Any | Self::AtLeast(_) | Self::Within(..) | Self::Share => Ok(()),
        }
    }
}

/// Whether an option affects the result of a run, and how the metadata of the result records that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Shapes {
    /// It does not: the bytes are the same for every value.
    Not,
    /// Under this place of the metadata, keys separated by dots.
    At(&'static str),
    /// The same, but only if it is given: a switch that is on, a list that is not empty, a choice other than `none`.
    AtIfGiven(&'static str),
    /// Through this other entry of the metadata.
    Through(&'static str),
}

/// An option as it is declared.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OptionSpec {
    /// Its name, such as `max_atoms`; each surface has its own spelling of it.
    pub name: &'static str,
    /// Its key in a summary.
    pub key: &'static str,
    /// The heading of the help that it is listed under.
    pub group: &'static str,
    /// The type of its value.
    pub kind: Kind,
    /// The possible values of a [`Kind::Choice`], each with its meaning, which the help adds to `help`.
    pub choices: &'static [(&'static str, &'static str)],
    /// Whether there may be no value.
    pub is_optional: bool,
    /// Its documentation, line by line.
    pub doc: &'static [&'static str],
    /// What the help prints.
    pub help: &'static str,
    /// Help for the negation of a switch, if it has one.
    pub help_no: Option<&'static str>,
    /// The value's name in the help, or its unit.
    pub value: &'static str,
    /// The letter of its short flag.
    pub short: Option<char>,
    /// Another name of its flag, which help does not show.
    pub alias: Option<&'static str>,
    /// What is used if it is not given, in words; empty if the default is a plain value, or if there is none.
    pub default_text: &'static str,
    /// Whether the default depends on the machine or on another option.
    pub varies: bool,
    /// Whether it must be given; then it has no default.
    pub required: bool,
    /// The numbers that it accepts.
    pub range: Range,
    /// The commands that accept it.
    pub commands: &'static [Command],
    /// Commands with a different help text.
    pub help_on: &'static [(Command, &'static str)],
    /// Commands that do not accept one of `choices`, with that choice.
    pub refused_on: &'static [(Command, &'static str)],
    /// The option, and its value, without which this one has no effect.
    pub only_with: Option<(&'static str, &'static str)>,
    /// Whether it affects the result.
    pub shapes: Shapes,
}

impl OptionSpec {
    /// An option with only these facts declared, and defaults for the others.
    pub(super) const fn of<T: OptionValue>(
        name: &'static str,
        key: &'static str,
        group: &'static str,
        doc: &'static [&'static str],
        commands: &'static [Command],
    ) -> Self {
        Self {
            name,
            key,
            group,
            kind: T::KIND,
            choices: T::CHOICES,
            is_optional: T::IS_OPTIONAL,
            doc,
            help: "",
            help_no: None,
            value: "",
            short: None,
            alias: None,
            default_text: "",
            varies: false,
            required: false,
            range: Range::Any,
            commands,
            help_on: &[],
            refused_on: &[],
            only_with: None,
            shapes: Shapes::Not,
        }
    }

    /// Its documentation as one text.
    pub(super) fn text(&self) -> String {
        self.doc.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
    }

    /// The error for this option, which cannot be used for `reason`. Other options in `reason` are between backticks.
    pub fn refuse(&self, reason: impl Into<String>) -> Error {
        Error::invalid_option(self.name, reason)
    }

    /// Refuses a value that is invalid for every command.
    ///
    /// # Errors
    /// [`Error::InvalidOption`].
    pub fn check<T: OptionValue>(&self, value: &T) -> Result<(), Error> {
        let in_range = || value.number().map_or(Ok(()), |number| self.range.check(number));
        value.check().and_then(|()| in_range()).map_err(|reason| self.refuse(reason))
    }
}

/// Adds to `shape` those of `options` that affect the result; `shown` has their values as in a summary.
pub(crate) fn enter_shape(options: &[OptionSpec], shown: &Value, shape: &mut Value) {
    for option in options {
        let value = &shown[option.key];
        let has_effect = option.only_with.is_none_or(|(other, wanted)| shown[other] == wanted);
        match option.shapes {
            Shapes::At(place) if has_effect => *entry(shape, place) = value.clone(),
            Shapes::At(place) => {
                let parent = place.rsplit_once('.').map_or(place, |(parent, _)| parent);
                *entry(shape, parent) = Value::Null;
            }
            Shapes::AtIfGiven(place) if !is_none(option.kind, value) => *entry(shape, place) = value.clone(),
            Shapes::AtIfGiven(_) | Shapes::Through(_) | Shapes::Not => {}
        }
    }
}

fn is_none(kind: Kind, value: &Value) -> bool {
    matches!(value, Value::Null | Value::Bool(false))
        || value.as_array().is_some_and(Vec::is_empty)
        || (kind == Kind::Choice && value == "none")
}

fn entry<'a>(shape: &'a mut Value, place: &str) -> &'a mut Value {
    place.split('.').fold(shape, |value, key| &mut value[key])
}

/// A name as JSON and the API spell it: `maxAtoms` for `max_atoms`.
pub fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| {
        let (initial, rest) = word.split_at(1);
        text + &initial.to_ascii_uppercase() + rest
    })
}
