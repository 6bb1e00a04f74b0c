//! Entries, put together to what a person reads.

use std::rc::Rc;

use shared_types::{
    model::{LogEntry, Logged, Usage},
    value::Timestamp,
};

/// One thing to read.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// Markdown.
    Text(String),
    /// What the model thought, where the provider tells.
    Reasoning(String),
    Tool(Tool),
    Usage {
        usage: Usage,
        cost: u64,
    },
    /// A worker has begun, with this provider and model.
    Started {
        with: String,
        at: Option<Timestamp>,
    },
    Note(String),
}

/// A tool that was used.
#[derive(Debug, Clone, PartialEq)]
pub struct Tool {
    pub id: String,
    pub name: String,
    /// JSON text.
    pub arguments: String,
    /// What came of it, once that is known.
    pub result: Option<String>,
    pub has_failed: bool,
}

impl Tool {
    /// Whether the run stops with it, to wait for a person.
    pub fn hands_over(&self) -> bool {
        matches!(
            self.name.as_str(),
            "submit_result" | "submit_plan" | "ask_question"
        )
    }
}

/// Takes in the next entry: text goes on where it ended, a result belongs to its call.
pub fn take_in(blocks: &mut Vec<Rc<Block>>, entry: LogEntry) {
    let block = match entry.what {
        Logged::Text { text } => match blocks.last_mut().map(Rc::make_mut) {
            Some(Block::Text(before)) => return before.push_str(&text),
            _ => Block::Text(text),
        },
        Logged::Reasoning { text } => match blocks.last_mut().map(Rc::make_mut) {
            Some(Block::Reasoning(before)) => return before.push_str(&text),
            _ => Block::Reasoning(text),
        },
        Logged::ToolCall {
            id,
            name,
            arguments,
        } => Block::Tool(Tool {
            id,
            name,
            arguments,
            result: None,
            has_failed: false,
        }),
        Logged::ToolResult { id, result, failed } => {
            // A provider may count its calls anew in each answer: it is the latest of that name that waits.
            let waits = |block: &&mut Rc<Block>| matches!(&***block, Block::Tool(tool) if tool.id == id && tool.result.is_none());
            let call = blocks.iter_mut().rev().find(waits).map(Rc::make_mut);
            if let Some(Block::Tool(tool)) = call {
                tool.result = Some(result);
                tool.has_failed = failed;
            }
            return;
        }
        Logged::Usage { usage, cost } => Block::Usage { usage, cost },
        Logged::Started { provider, model } => Block::Started {
            with: match model {
                Some(model) => format!("{provider}, {model}"),
                None => provider.to_string(),
            },
            at: entry.at,
        },
        Logged::Note { text } => Block::Note(text),
    };
    blocks.push(Rc::new(block));
}
