use shared_types::model::{LogEntry, Logged};

/// Characters of a line.
const MOST: usize = 140;

/// What a run does right now, in one line of plain text, from the newest entries of its log; empty before it has begun.
pub fn glance(newest: &[LogEntry]) -> String {
    let mut text = String::new();
    for entry in newest.iter().rev() {
        match &entry.what {
            Logged::Text { text: piece } => {
                text.insert_str(0, piece);
                if text.len() > 4 * MOST {
                    break;
                }
            }
            // What was said before the last tool was used is over.
            _ if !text.trim().is_empty() => break,
            Logged::ToolCall { name, .. } => return tool(name),
            Logged::Reasoning { .. } => return "Thinks it over".into(),
            Logged::Started { .. } => return "Begins".into(),
            Logged::Note { text } => return cut(text),
            Logged::ToolResult { .. } | Logged::Usage { .. } => {}
        }
    }
    sentence(&text)
}

fn tool(name: &str) -> String {
    let words = match name {
        "post_comment" => "Writes a comment",
        "create_task" => "Makes a task",
        "update_task" => "Updates the task",
        "list_items" => "Looks through the items",
        "get_item" => "Reads an item",
        "ask_question" => "Asks a question",
        "submit_result" | "submit_plan" => "Hands in what it has done",
        other => return cut(&format!("Uses {other}")),
    };
    words.into()
}

/// The sentence that is being written, or the last one where the next has hardly begun.
fn sentence(text: &str) -> String {
    const HARDLY: usize = 24;
    let plain: String = text.chars().filter(|c| !"*_`#".contains(*c)).collect();
    let ends = |c: char| matches!(c, '.' | '!' | '?' | ':' | '\n');
    let mut sentences: Vec<&str> = plain.split_inclusive(ends).map(str::trim).collect();
    sentences.retain(|sentence| !sentence.is_empty());
    let last = sentences.pop().unwrap_or_default();
    match sentences.pop() {
        Some(before) if last.len() < HARDLY => cut(&format!("{before} {last}")),
        _ => cut(last),
    }
}

/// The first line, no longer than a line should be.
pub fn cut(text: &str) -> String {
    let line = text.lines().find(|line| !line.trim().is_empty());
    let line = line.unwrap_or_default().trim();
    if line.chars().count() <= MOST {
        return line.into();
    }
    let mut short: String = line.chars().take(MOST - 1).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(entries: impl IntoIterator<Item = Logged>, expected: &str) {
        let entries = entries.into_iter();
        let entries: Vec<_> = entries.map(|what| LogEntry { at: None, what }).collect();
        assert_eq!(glance(&entries), expected);
    }

    fn text(text: &str) -> Logged {
        Logged::Text { text: text.into() }
    }

    fn call(name: &str) -> Logged {
        Logged::ToolCall {
            id: "1".into(),
            name: name.into(),
            arguments: "{}".into(),
        }
    }

    #[test]
    fn it_is_the_sentence_that_is_being_written() {
        check([], "");
        check(
            [text("I read the **form** "), text("first. Then I")],
            "I read the form first. Then I",
        );
        check(
            [text("Read it. Now I change the part that")],
            "Now I change the part that",
        );
    }

    #[test]
    fn it_is_the_tool_that_is_used_and_not_what_was_said_before() {
        check(
            [text("I comment."), call("post_comment")],
            "Writes a comment",
        );
        let result = Logged::ToolResult {
            id: "1".into(),
            result: "Done.".into(),
            failed: false,
        };
        check([call("get_item"), result.clone()], "Reads an item");
        check([call("shell"), result.clone()], "Uses shell");
        check(
            [call("get_item"), result, text("It says that two")],
            "It says that two",
        );
    }

    #[test]
    fn it_is_short_and_one_line() {
        let long = "a ".repeat(400);
        let entries = [LogEntry {
            at: None,
            what: text(&long),
        }];
        assert!(glance(&entries).chars().count() <= MOST);
        assert_eq!(cut("\n\nOne\nTwo"), "One");
    }
}
