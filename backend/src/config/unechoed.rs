use std::ffi::OsStr;

use clap::{Arg, Command, Error, builder::TypedValueParser, error::ErrorKind};

/// Reads an address that may have a password in it: a refusal says what is wrong with it, and not what was given, which
/// would stand in logs.
#[derive(Clone)]
pub(super) struct Unechoed<T>(pub fn(&str) -> Result<T, String>);

impl<T: Clone + Send + Sync + 'static> TypedValueParser for Unechoed<T> {
    type Value = T;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<T, Error> {
        let text = value.to_str().ok_or_else(|| "must be UTF-8".to_owned());
        text.and_then(self.0).map_err(|why| {
            let name = argument.map_or_else(|| "the value".into(), ToString::to_string);
            let mut command = command.clone();
            command.error(ErrorKind::ValueValidation, format!("'{name}' {why}"))
        })
    }
}
