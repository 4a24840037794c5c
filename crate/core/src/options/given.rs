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
    /// What `take` takes of the options in `json`, an object, for `command`, under their names in the API. Paths that
    /// are not UTF-8 are packed ([`crate::path_text`]).
    ///
    /// # Errors
    /// Those of `take`; [`Error::InvalidOption`] for an option that it did not take.
    pub fn read<T>(
        command: Command,
        json: &str,
        take: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let values = serde_json::from_str(json)
            .map_err(|error| Error::internal(format!("options of {command}: {error}")))?;
        let mut given = Self { values, command: Some(command) };
        let taken = take(&mut given)?;
        match given.values.keys().next() {
            Some(key) => Err(Error::invalid_option(key, format!("is not an option of {command}"))),
            None => Ok(taken),
        }
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
        let Some(value) = value else {
            return if option.required { Err(option.refuse("is required")) } else { Ok(None) };
        };
        let value = T::read(value).map_err(|reason| option.refuse(reason))?;
        if self.command.is_some() {
            option.check(&value)?;
        }
        Ok(Some(value))
    }
}
