//! Markdown. Its parser, with the names of two thousand characters, is a part of the app of its own, and is loaded when
//! there is a text with marks in it.

mod parse;
mod words;

use std::rc::Rc;

use yew::prelude::*;

use self::words::Known;
use crate::{
    parts::{self, Part, use_part},
    store::use_select,
};

/// What reads it.
#[derive(Clone, Copy)]
pub struct Markdown {
    nodes: fn(&str, &Known) -> Html,
    plain: fn(&str) -> String,
}

/// That of the parser here.
pub const PARSED: Markdown = Markdown {
    nodes: parse::nodes,
    plain: parse::plain,
};

#[derive(Properties, PartialEq)]
struct TextProps {
    text: AttrValue,
}

/// Shows Markdown.
pub fn markdown(text: impl Into<AttrValue>) -> Html {
    let text = text.into();
    let shown = match has_marks(&text) {
        true => html! { <Text {text} /> },
        false => paragraphs(&text),
    };
    html! { <div class="markdown">{ shown }</div> }
}

/// Shows the beginning of a Markdown text without its marks, for a glance.
pub fn plain(text: impl Into<AttrValue>) -> Html {
    let text = text.into();
    match has_marks(&text) {
        true => html! { <Glance {text} /> },
        false => Html::from(&*text),
    }
}

#[component]
fn Text(props: &TextProps) -> Html {
    let known = use_known();
    match use_part(parts::markdown) {
        Part::Here(markdown) => (markdown.nodes)(&props.text, &known),
        _ => paragraphs(&props.text),
    }
}

#[component]
fn Glance(props: &TextProps) -> Html {
    match use_part(parts::markdown) {
        Part::Here(markdown) => Html::from((markdown.plain)(&props.text)),
        _ => Html::from(&*props.text),
    }
}

/// The names that lead somewhere in a text.
#[hook]
fn use_known() -> Rc<Known> {
    use_select(|state| {
        let mut projects: Vec<String> = state
            .projects()
            .map(|project| project.key.to_string())
            .collect();
        // The items of no project.
        projects.push("ORG".into());
        Known {
            projects,
            members: state
                .members()
                .map(|member| member.slug.to_string())
                .collect(),
        }
    })
}

/// A text without marks, as the parser would show it.
fn paragraphs(text: &str) -> Html {
    text.split("\n\n")
        .map(str::trim)
        .filter(|paragraph| !paragraph.is_empty())
        .map(|paragraph| html! { <p>{ paragraph.to_owned() }</p> })
        .collect()
}

/// Whether the parser may have something to say of a text: it may be loaded in vain, but is never missing.
fn has_marks(text: &str) -> bool {
    let in_line = |c: char| "*_`[]<>#~|\\&!@".contains(c);
    let begins_block = |line: &str| {
        line.starts_with(['-', '+', '=', '\t'])
            || line.starts_with("  ")
            || line.ends_with("  ")
            || line
                .trim_start()
                .starts_with(|c: char| c.is_ascii_digit() || "-+=".contains(c))
    };
    let is_key = |pair: &[u8]| pair[0] == b'-' && pair[1].is_ascii_digit();
    text.contains(in_line)
        || text.contains("://")
        || text.as_bytes().windows(2).any(is_key)
        || text.split(['\n', '\r']).any(begins_block)
}

#[cfg(test)]
mod tests {
    use super::has_marks;

    #[test]
    fn only_texts_without_marks_do_without_the_parser() {
        for text in [
            "",
            "Two words.",
            "A line,\nand another.\n\nA half-done one (really)?",
        ] {
            assert!(!has_marks(text), "{text}");
        }
        for text in [
            "*so*",
            "- a",
            "1. b",
            "  c",
            "d  \ne",
            "WEB-7",
            "@yuki",
            "https://a.example",
            "# F",
            "x\n---",
            "x\n===",
            "&amp;",
            "a | b",
            "\tcode",
            " - g",
        ] {
            assert!(has_marks(text), "{text}");
        }
    }
}
