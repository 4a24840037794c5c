//! Values of options on their way to the structs that hold them.

use serde_json::{Map, Value};

use super::spec::{Command, OptionSpec, camel_case};
use super::value::OptionValue;
use crate::error::Error;

/// Values that nobody has taken yet.
pub struct Given {
    values: Map<String, Value>,
    /// The command that they were given to; `None` if they come from a summary.
    command: Option<Command>,
}

impl Given {
    /// The options in `json`, an object, for `command`, under their names in the API. Paths that are not UTF-8 are
    /// packed ([`crate::path_text`]).
    ///
    /// # Errors
    /// An internal error if it is not an object.
    pub fn to(command: Command, json: &str) -> Result<Self, Error> {
        let values = serde_json::from_str(json);
        let values =
            values.map_err(|error| Error::internal(format!("options of {}: {error}", command.name())))?;
        Ok(Self { values, command: Some(command) })
    }

    /// The options in a summary.
    pub(super) fn shown(values: Map<String, Value>) -> Self {
        Self { values, command: None }
    }

    /// Takes the value of `option`, if it is given.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] if the value is invalid, or if it is required and missing.
    pub(super) fn take<T: OptionValue>(&mut self, option: &OptionSpec) -> Result<Option<T>, Error> {
        let value = match self.command {
            None => self.values.remove(option.key),
            Some(command) if option.commands.contains(&command) => {
                self.values.remove(&camel_case(option.name))
            }
            Some(_) => return Ok(None),
        };
        match value {
            Some(value) => T::read(value).map(Some).map_err(|reason| option.refuse(reason)),
            None if option.required => Err(option.refuse("is required")),
            None => Ok(None),
        }
    }

    /// Takes a value that summaries have under `key`, but that no surface accepts.
    ///
    /// # Errors
    /// As for [`take`](Self::take).
    pub(super) fn take_beside<T: OptionValue>(&mut self, key: &'static str) -> Result<Option<T>, Error> {
        let value = if self.command.is_none() { self.values.remove(key) } else { None };
        value.map(|value| T::read(value).map_err(|reason| Error::invalid_option(key, reason))).transpose()
    }

    /// Refuses values that nobody has taken.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for the first of them.
    pub fn finish(self) -> Result<(), Error> {
        match (self.values.keys().next(), self.command) {
            (Some(key), Some(command)) => {
                Err(Error::invalid_option(key, format!("is not an option of {}", command.name())))
            }
            _ => Ok(()),
        }
    }
}
