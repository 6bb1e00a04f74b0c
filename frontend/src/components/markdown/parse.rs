//! Reading Markdown into a tree of nodes. No text of a person ever becomes HTML: raw HTML is shown as what it is, an image as the
//! link it is, and a link that is neither http, https nor mailto as its text.

use pulldown_cmark::{
    Alignment, Event, HeadingLevel, Options, Parser, Tag, TagEnd, TextMergeStream,
};
use yew::{prelude::*, virtual_dom::VNode};
use yew_router::prelude::*;

use super::words::{Known, Word, words};
use crate::routes::Route;

/// The text as nodes, in which addresses and what is known by its name are links.
pub fn nodes(text: &str, known: &Known) -> Html {
    let options =
        Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS;
    let mut open: Vec<(Option<Tag>, Vec<Html>)> = vec![(None, Vec::new())];
    for event in TextMergeStream::new(Parser::new_ext(text, options)) {
        let node = match event {
            Event::Start(tag) => {
                open.push((Some(tag), Vec::new()));
                continue;
            }
            Event::End(_) => match open.pop() {
                Some((Some(tag), children)) => element(tag, children),
                // The parser closes only what it has opened.
                _ => continue,
            },
            Event::Text(text) if !is_literal(&open) => linked(&text, known),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                VNode::from(text.to_string())
            }
            Event::Code(code) => html! { <code>{ code.to_string() }</code> },
            Event::SoftBreak => VNode::from("\n"),
            Event::HardBreak => html! { <br /> },
            Event::Rule => html! { <hr /> },
            Event::TaskListMarker(done) => VNode::from(if done { "☑ " } else { "☐ " }),
            Event::FootnoteReference(name) => VNode::from(format!("[{name}]")),
            Event::InlineMath(text) | Event::DisplayMath(text) => VNode::from(text.to_string()),
        };
        if let Some((_, children)) = open.last_mut() {
            children.push(node);
        }
    }
    open.into_iter()
        .flat_map(|(_, children)| children)
        .collect()
}

/// The beginning of a Markdown text without its marks, for a glance.
pub fn plain(text: &str) -> String {
    const ENOUGH: usize = 300;
    let mut words = String::new();
    for event in Parser::new(text) {
        match event {
            Event::Text(text) | Event::Code(text) => words.push_str(&text),
            Event::SoftBreak | Event::HardBreak => words.push(' '),
            // Only what stands by itself is set off: a full stop may follow the others.
            Event::End(
                TagEnd::Emphasis
                | TagEnd::Strong
                | TagEnd::Strikethrough
                | TagEnd::Link
                | TagEnd::Image,
            ) => {}
            Event::End(_) if !words.ends_with(' ') => words.push(' '),
            _ => {}
        }
        if words.len() > ENOUGH {
            break;
        }
    }
    words.truncate(words.trim_end().len());
    words
}

/// Whether what is open is a link already, or code.
fn is_literal(open: &[(Option<Tag>, Vec<Html>)]) -> bool {
    open.iter().any(|(tag, _)| {
        matches!(
            tag,
            Some(Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_) | Tag::HtmlBlock)
        )
    })
}

/// A plain text with its links.
fn linked(text: &str, known: &Known) -> Html {
    let node = |word| match word {
        Word::Text(text) => VNode::from(text.to_owned()),
        Word::Url(address) => link(address, VNode::from(address.to_owned())),
        Word::Item(key) => {
            html! { <Link<Route> to={Route::item(&key)}>{ key.to_owned() }</Link<Route>> }
        }
        Word::Member(name) => {
            let to = Route::member(&name.to_ascii_lowercase());
            html! { <Link<Route> {to}>{ format!("@{name}") }</Link<Route>> }
        }
    };
    words(text, known).into_iter().map(node).collect()
}

fn element(tag: Tag, children: Vec<Html>) -> Html {
    let inner: Html = children.into_iter().collect();
    match tag {
        Tag::Paragraph | Tag::HtmlBlock => html! { <p>{ inner }</p> },
        // The page's own title is the first level.
        Tag::Heading { level, .. } => match level {
            HeadingLevel::H1 => html! { <h2>{ inner }</h2> },
            HeadingLevel::H2 => html! { <h3>{ inner }</h3> },
            HeadingLevel::H3 => html! { <h4>{ inner }</h4> },
            HeadingLevel::H4 => html! { <h5>{ inner }</h5> },
            _ => html! { <h6>{ inner }</h6> },
        },
        Tag::BlockQuote(_) => html! { <blockquote>{ inner }</blockquote> },
        Tag::CodeBlock(_) => html! { <pre tabindex="0"><code>{ inner }</code></pre> },
        Tag::List(None) => html! { <ul>{ inner }</ul> },
        Tag::List(Some(start)) => html! { <ol start={start.to_string()}>{ inner }</ol> },
        Tag::Item => html! { <li>{ inner }</li> },
        Tag::Emphasis => html! { <em>{ inner }</em> },
        Tag::Strong => html! { <strong>{ inner }</strong> },
        Tag::Strikethrough => html! { <s>{ inner }</s> },
        Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => link(&dest_url, inner),
        Tag::Table(alignments) => html! { <table class={alignment(&alignments)}>{ inner }</table> },
        Tag::TableHead => html! { <thead><tr>{ inner }</tr></thead> },
        Tag::TableRow => html! { <tr>{ inner }</tr> },
        Tag::TableCell => html! { <td>{ inner }</td> },
        _ => inner,
    }
}

fn alignment(columns: &[Alignment]) -> Option<&'static str> {
    (!columns.is_empty() && columns.iter().all(|column| *column == Alignment::Right))
        .then_some("numbers")
}

fn link(url: &str, text: Html) -> Html {
    let scheme = url
        .split_once(':')
        .map(|(scheme, _)| scheme.to_ascii_lowercase());
    let safe = matches!(scheme.as_deref(), Some("http" | "https" | "mailto"));
    // Our own pages, but not `//host`, which is somebody else's.
    let ours = url.starts_with('/') && !url.starts_with("//") && !url.starts_with("/\\");
    if safe {
        html! { <a href={url.to_owned()} target="_blank" rel="noopener noreferrer nofollow">{ text }</a> }
    } else if ours {
        html! { <a href={url.to_owned()} rel="noopener">{ text }</a> }
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_glance_has_no_space_before_a_full_stop() {
        let text = "# Shop\n\nA **fast**, [clear](https://a.example) `shop`*.*\nFor ~all~.\n\n- one\n- two";
        assert_eq!(plain(text), "Shop A fast, clear shop. For ~all~. one two");
    }
}
