//! From what was sent to the structs of shared-types: each wrong field named, with what to do about it.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use serde_path_to_error::{Path, Segment};
use shared_types::error::{ErrorCode, FieldError, Rejection};

use super::unique::Unique;

/// More wrong fields than this are not looked for.
const MAX_ERRORS: usize = 20;

/// What the fields belong to, for the messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A JSON object: fields are named by JSON pointers.
    Body,
    /// The query: parameters are named as they are.
    Query,
}

impl Place {
    fn field(self) -> &'static str {
        match self {
            Place::Body => "field",
            Place::Query => "parameter",
        }
    }
}

/// Reads a JSON object that can be anything; what is no such object is malformed.
pub fn object(body: &[u8]) -> Result<Map<String, Value>, Rejection> {
    let malformed = |detail: String| Rejection::new(ErrorCode::Malformed, detail);
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(malformed("The body is empty: send a JSON object.".into()));
    }
    match serde_json::from_slice(body) {
        Ok(Unique(Value::Object(object))) => Ok(object),
        Ok(Unique(other)) => {
            let detail = format!("The body must be a JSON object, this is {}.", kind(&other));
            let error = FieldError::invalid("", "must be a JSON object");
            Err(Rejection {
                errors: vec![error],
                ..Rejection::new(ErrorCode::Validation, detail)
            })
        }
        Err(error) => Err(malformed(format!(
            "The body is not JSON that can be read: {error}."
        ))),
    }
}

/// Makes a `T` of the fields, or names all that are wrong: a wrong one is taken out and the rest is tried again.
pub fn parse<T: DeserializeOwned>(
    fields: Map<String, Value>,
    place: Place,
) -> Result<T, Rejection> {
    let mut fields = Value::Object(fields);
    let mut errors: Vec<FieldError> = Vec::new();
    loop {
        let failed = match serde_path_to_error::deserialize::<_, T>(&fields) {
            Ok(parsed) if errors.is_empty() => return Ok(parsed),
            Ok(_) => break,
            Err(error) => error,
        };
        let error = field_error(failed.path(), &failed.inner().to_string(), place);
        let top = top_field(&error.pointer, place);
        let is_new = !errors
            .iter()
            .any(|known| top_field(&known.pointer, place) == top);
        if is_new {
            errors.push(error);
        }
        let taken_out = fields
            .as_object_mut()
            .and_then(|fields| fields.remove(&top));
        if !is_new || taken_out.is_none() || errors.len() == MAX_ERRORS {
            break;
        }
    }
    let detail = errors.iter().map(describe).collect::<Vec<_>>().join(" ");
    Err(Rejection {
        errors,
        ..Rejection::new(ErrorCode::Validation, detail)
    })
}

fn describe(error: &FieldError) -> String {
    format!(
        "{}: {}.",
        error.pointer.trim_start_matches('/'),
        error.message.trim_end_matches('.')
    )
}

fn top_field(pointer: &str, place: Place) -> String {
    match place {
        Place::Body => unescape(
            pointer
                .trim_start_matches('/')
                .split('/')
                .next()
                .unwrap_or_default(),
        ),
        Place::Query => pointer.to_owned(),
    }
}

/// What serde says, as a pointer, a code and a message for a person.
fn field_error(path: &Path, said: &str, place: Place) -> FieldError {
    if let Some((name, known)) = said
        .strip_prefix("unknown field `")
        .and_then(|rest| split_name(rest))
    {
        let field = place.field();
        let message = match known {
            "" => format!("there is no such {field}: none is expected here"),
            known => format!("there is no such {field}: use {known}"),
        };
        return named(pointer(path, Some(name), place), "unknown_field", message);
    }
    if let Some(name) = said
        .strip_prefix("missing field `")
        .and_then(|rest| rest.strip_suffix('`'))
    {
        return named(
            pointer(path, Some(name), place),
            "missing_field",
            format!("this {} is required", place.field()),
        );
    }
    named(
        pointer(path, None, place),
        "invalid_value",
        value_message(said),
    )
}

fn named(pointer: String, code: &str, message: String) -> FieldError {
    FieldError {
        pointer,
        code: code.into(),
        message,
    }
}

/// Of ``name`, expected one of `a`, `b` `` the name and `one of a, b`.
fn split_name(rest: &str) -> Option<(&str, &str)> {
    // The name can be anything, what follows it can not: so the last place where it can end is the one.
    if let Some(cut) = rest.rfind("`, expected ") {
        return Some((&rest[..cut], &rest[cut + "`, expected ".len()..]));
    }
    rest.rfind("`, there are no").map(|cut| (&rest[..cut], ""))
}

fn value_message(said: &str) -> String {
    if let Some((unexpected, expected)) = said
        .strip_prefix("invalid type: ")
        .and_then(|s| s.split_once(", expected "))
    {
        return format!(
            "must be {}, this is {}",
            humane(expected),
            without_value(unexpected)
        );
    }
    if let Some((_, known)) = said
        .strip_prefix("unknown variant `")
        .and_then(|rest| split_name(rest))
    {
        return format!("must be {}", known.replace('`', ""));
    }
    said.to_owned()
}

/// What came, without the value: it may be a secret that was put in the wrong place.
fn without_value(unexpected: &str) -> &str {
    match unexpected.split(' ').next().unwrap_or_default() {
        "string" => "a string",
        "integer" | "floating" => "a number",
        "boolean" => "true or false",
        "sequence" => "a list",
        "map" => "an object",
        "unit" | "null" => "null",
        _ => "something else",
    }
}

fn humane(words: &str) -> &str {
    match words {
        "string or map" => "a string",
        "a sequence" => "a list",
        "sequence" => "a list",
        "map" => "an object",
        "a boolean" => "true or false",
        "f64" => "a number",
        words if words.starts_with("struct ") => "an object",
        words if words.starts_with("enum ") => "a string",
        words => words,
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// The pointer of a path; `last` is the field it ends with, whether or not the path has it already.
fn pointer(path: &Path, last: Option<&str>, place: Place) -> String {
    let mut names: Vec<String> = path
        .iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(index.to_string()),
            Segment::Map { key } => Some(key.clone()),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect();
    if let Some(last) = last.filter(|last| names.last().is_none_or(|name| name != last)) {
        names.push(last.to_owned());
    }
    match place {
        Place::Body => names
            .iter()
            .map(|name| format!("/{}", escape(name)))
            .collect(),
        Place::Query => names.concat(),
    }
}

/// RFC 6901.
fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn unescape(name: &str) -> String {
    name.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use shared_types::command::{ItemPatch, NewItem, NewProject};

    use super::*;

    fn errors<T: DeserializeOwned>(body: &str) -> Vec<(String, String, String)> {
        let rejection = object(body.as_bytes())
            .and_then(|fields| parse::<T>(fields, Place::Body))
            .err()
            .unwrap();
        rejection
            .errors
            .into_iter()
            .map(|e| (e.pointer, e.code, e.message))
            .collect()
    }

    fn code<T: DeserializeOwned>(body: &str) -> ErrorCode {
        object(body.as_bytes())
            .and_then(|fields| parse::<T>(fields, Place::Body))
            .err()
            .unwrap()
            .code
    }

    #[test]
    fn all_wrong_fields_are_named_at_once() {
        let mut found = errors::<NewProject>(r#"{"nmae":"Web","slug":"No Slug","key":7}"#);
        // The order of an object's fields means nothing.
        found.sort();
        let named: Vec<_> = found
            .iter()
            .map(|(pointer, code, _)| (pointer.as_str(), code.as_str()))
            .collect();
        assert_eq!(
            named,
            [
                ("/key", "invalid_value"),
                ("/name", "missing_field"),
                ("/nmae", "unknown_field"),
                ("/slug", "invalid_value"),
            ]
        );
        assert!(found[2].2.contains("`description`"), "{found:?}");
        assert_eq!(found[0].2, "must be a string, this is a number");
    }

    #[test]
    fn an_error_deep_inside_has_a_pointer_to_it() {
        let found = errors::<ItemPatch>(
            r#"{"acceptance":[{"text":"a"},{"text":"b","dnoe":true}],"labels":["x",5]}"#,
        );
        let pointers: Vec<_> = found.iter().map(|(pointer, ..)| pointer.as_str()).collect();
        assert_eq!(pointers, ["/acceptance/1/dnoe", "/labels/1"]);
    }

    #[test]
    fn a_field_name_cannot_break_out_of_its_pointer_or_message() {
        let mut found = errors::<ItemPatch>(r#"{"a/b~c":1,"`, expected x":1}"#);
        found.sort();
        assert_eq!(found[0].0, "/`, expected x");
        assert_eq!(found[1].0, "/a~1b~0c");
    }

    #[test]
    fn unknown_words_are_answered_with_the_known_ones() {
        let found = errors::<NewItem>(r#"{"kind":"story","title":"A"}"#);
        assert_eq!(found[0].2, "must be one of epic, feature, task");
    }

    #[test]
    fn what_is_no_json_is_malformed_and_what_is_no_object_is_invalid() {
        assert_eq!(code::<NewProject>("{\"name\":"), ErrorCode::Malformed);
        assert_eq!(code::<NewProject>(""), ErrorCode::Malformed);
        assert_eq!(code::<NewProject>("[]"), ErrorCode::Validation);
        assert_eq!(
            code::<NewProject>(&format!("{}{}", "[".repeat(100_000), "]".repeat(100_000))),
            ErrorCode::Malformed
        );
    }

    #[test]
    fn null_is_refused_where_nothing_can_be_cleared_and_clears_where_it_can() {
        assert_eq!(errors::<ItemPatch>(r#"{"title":null}"#)[0].0, "/title");
        assert!(
            parse::<ItemPatch>(object(br#"{"due":null,"team":null}"#).unwrap(), Place::Body)
                .is_ok()
        );
    }
}
