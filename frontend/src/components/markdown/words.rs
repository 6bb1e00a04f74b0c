//! What of a plain text leads somewhere: bare addresses, keys of items, and members by `@name`.

/// The names that lead somewhere.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Known {
    /// The keys of the projects: `WEB`.
    pub projects: Vec<String>,
    /// The members' names in addresses: `yuki`.
    pub members: Vec<String>,
}

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Word<'a> {
    Text(&'a str),
    Url(&'a str),
    /// `WEB-7`.
    Item(&'a str),
    /// `yuki`, of `@yuki`.
    Member(&'a str),
}

/// The text in pieces; together they are all of it, but for the `@` of members.
pub fn words<'a>(text: &'a str, known: &Known) -> Vec<Word<'a>> {
    let mut words = Vec::new();
    let (mut done, mut at) = (0, 0);
    while at < text.len() {
        let is_start = text[..at]
            .chars()
            .next_back()
            .is_none_or(|before| !is_of_word(before));
        match is_start.then(|| found(&text[at..], known)).flatten() {
            Some((word, length)) => {
                if done < at {
                    words.push(Word::Text(&text[done..at]));
                }
                words.push(word);
                at += length;
                done = at;
            }
            None => at += text[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    if done < text.len() {
        words.push(Word::Text(&text[done..]));
    }
    words
}

/// What a text begins with, and how long that is.
fn found<'a>(text: &'a str, known: &Known) -> Option<(Word<'a>, usize)> {
    if let Some(url) = url(text) {
        return Some((Word::Url(url), url.len()));
    }
    if let Some(rest) = text.strip_prefix('@') {
        let name = &rest[..length_of(rest, |c| is_of_word(c) || c == '-')];
        let name = name.trim_end_matches('-');
        let is_known = known
            .members
            .iter()
            .any(|one| one.eq_ignore_ascii_case(name));
        return is_known.then_some((Word::Member(name), name.len() + 1));
    }
    let project = length_of(text, |c| c.is_ascii_uppercase() || c.is_ascii_digit());
    let digits = text[project..].strip_prefix('-')?;
    let length = project + 1 + length_of(digits, |c| c.is_ascii_digit());
    let (key, rest) = text.split_at(length);
    let is_whole = !rest.starts_with(is_of_word);
    let is_known = known.projects.iter().any(|one| one == &key[..project]);
    (is_whole && is_known && length > project + 1).then_some((Word::Item(key), length))
}

/// The web address that a text begins with, without what ends the sentence around it.
fn url(text: &str) -> Option<&str> {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))?;
    let scheme = text.len() - rest.len();
    let length = length_of(text, |c| {
        !c.is_whitespace() && !matches!(c, '<' | '>' | '"')
    });
    let mut url = &text[..length];
    loop {
        let shorter = url.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_']);
        // A bracket belongs to it if it was opened in it.
        let shorter = match shorter.strip_suffix(')') {
            Some(inner) if !is_opened(inner) => inner,
            _ => shorter,
        };
        if shorter.len() == url.len() {
            break;
        }
        url = shorter;
    }
    let is_host = |c: char| c.is_alphanumeric() || c == '[';
    url.get(scheme..)?.starts_with(is_host).then_some(url)
}

/// Whether a bracket is open at the end.
fn is_opened(text: &str) -> bool {
    text.matches('(').count() > text.matches(')').count()
}

fn length_of(text: &str, is_of: impl Fn(char) -> bool) -> usize {
    text.find(|c: char| !is_of(c)).unwrap_or(text.len())
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::{Known, Word::*, words};

    fn known() -> Known {
        Known {
            projects: vec!["WEB".into(), "ORG".into()],
            members: vec!["yuki".into(), "ada-l".into()],
        }
    }

    #[test]
    fn addresses_keys_and_members_are_found_and_nothing_else() {
        let found = |text| words(text, &known());
        assert_eq!(
            found("See WEB-7, @yuki: (https://a.example/x_(y)?b=c)."),
            [
                Text("See "),
                Item("WEB-7"),
                Text(", "),
                Member("yuki"),
                Text(": ("),
                Url("https://a.example/x_(y)?b=c"),
                Text(")."),
            ]
        );
        for text in [
            "XWEB-7",
            "WEB-7a",
            "WEB-",
            "API-3",
            "web-7",
            "a@yuki",
            "@yukiko",
            "@",
            "https://",
            "https://.",
            "xhttps://a.example",
            "ä-1 – 日本-2",
        ] {
            assert_eq!(found(text), [Text(text)]);
        }
        assert_eq!(found("@ada-l-"), [Member("ada-l"), Text("-")]);
        assert!(found("").is_empty());
    }
}
