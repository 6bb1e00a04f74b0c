use serde_json::{Value, json};

use super::turn::{Said, Tokens};

/// How a kind of provider speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// OpenAI's chat completions.
    Openai,
    /// Anthropic's messages.
    Anthropic,
    /// Google's `streamGenerateContent`.
    Gemini,
    /// Ollama's chat.
    Ollama,
}

impl Protocol {
    /// All of them.
    pub const ALL: [Protocol; 4] = [
        Protocol::Openai,
        Protocol::Anthropic,
        Protocol::Gemini,
        Protocol::Ollama,
    ];

    /// The kind of provider.
    pub fn kind(self) -> &'static str {
        match self {
            Protocol::Openai => "openai",
            Protocol::Anthropic => "anthropic",
            Protocol::Gemini => "gemini",
            Protocol::Ollama => "ollama",
        }
    }

    /// The header that has the key, and what stands before it.
    pub fn key_header(self) -> (&'static str, &'static str) {
        match self {
            Protocol::Openai | Protocol::Ollama => ("authorization", "Bearer "),
            Protocol::Anthropic => ("x-api-key", ""),
            Protocol::Gemini => ("x-goog-api-key", ""),
        }
    }

    pub(super) fn base(self) -> &'static str {
        match self {
            Protocol::Openai => "/openai/v1",
            Protocol::Anthropic => "/anthropic/v1",
            Protocol::Gemini => "/gemini/v1beta",
            Protocol::Ollama => "/ollama",
        }
    }

    pub(super) fn of_path(path: &str) -> Option<Self> {
        let calls = [
            (Protocol::Openai, "/chat/completions"),
            (Protocol::Anthropic, "/messages"),
            (Protocol::Gemini, ":streamGenerateContent?alt=sse"),
            (Protocol::Ollama, "/api/chat"),
        ];
        let is_it = |(protocol, call): &&(Protocol, &str)| {
            path.starts_with(protocol.base()) && path.ends_with(call)
        };
        calls.iter().find(is_it).map(|(protocol, _)| *protocol)
    }

    /// The answer in the pieces in which it is sent.
    pub(super) fn frames(self, said: &Said) -> Vec<String> {
        match self {
            Protocol::Openai => openai(said),
            Protocol::Anthropic => anthropic(said),
            Protocol::Gemini => gemini(said),
            Protocol::Ollama => ollama(said),
        }
    }

    /// One more word, for an answer that does not end.
    pub(super) fn word(self, word: &str) -> String {
        match self {
            Protocol::Openai => chunk(json!({ "content": word }), Value::Null),
            Protocol::Anthropic => event(json!({
                "type": "content_block_delta", "index": 0,
                "delta": { "type": "text_delta", "text": word },
            })),
            Protocol::Gemini => {
                candidate(json!([{ "text": word }]), Value::Null, Tokens::default())
            }
            Protocol::Ollama => {
                line(json!({ "message": { "role": "assistant", "content": word } }))
            }
        }
    }
}

/// Pieces of some characters each.
fn pieces(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    characters.chunks(5).map(String::from_iter).collect()
}

fn data(value: &Value) -> String {
    format!("data: {value}\n\n")
}

fn line(value: Value) -> String {
    format!("{value}\n")
}

fn chunk(delta: Value, finish: Value) -> String {
    data(&json!({
        "id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "large",
        "choices": [{ "index": 0, "delta": delta, "finish_reason": finish }],
    }))
}

/// The calls come one after the other, the pieces of each without its id, as the protocol has it.
fn openai(said: &Said) -> Vec<String> {
    let mut frames = vec![chunk(
        json!({ "role": "assistant", "content": "" }),
        Value::Null,
    )];
    for piece in pieces(&said.text) {
        frames.push(chunk(json!({ "content": piece }), Value::Null));
    }
    for (index, (name, arguments)) in said.calls.iter().enumerate() {
        let function = json!({ "name": name, "arguments": "" });
        let first = json!({ "index": index, "id": format!("tool-{index}"), "type": "function", "function": function });
        frames.push(chunk(json!({ "tool_calls": [first] }), Value::Null));
        for piece in pieces(arguments) {
            let more = json!({ "index": index, "function": { "arguments": piece } });
            frames.push(chunk(json!({ "tool_calls": [more] }), Value::Null));
        }
    }
    let finish = if said.calls.is_empty() {
        "stop"
    } else {
        "tool_calls"
    };
    frames.push(chunk(json!({}), finish.into()));
    let Tokens {
        input,
        cached,
        output,
    } = said.usage;
    frames.push(data(&json!({
        "id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "large", "choices": [],
        "usage": {
            "prompt_tokens": input, "completion_tokens": output, "total_tokens": input + output,
            "prompt_tokens_details": { "cached_tokens": cached },
        },
    })));
    frames.push("data: [DONE]\n\n".into());
    frames
}

fn event(value: Value) -> String {
    let name = value["type"].as_str().unwrap_or_default();
    format!("event: {name}\ndata: {value}\n\n")
}

/// One block of the answer, from its start to its stop.
fn block(index: usize, start: Value, deltas: impl Iterator<Item = Value>) -> Vec<String> {
    let start =
        event(json!({ "type": "content_block_start", "index": index, "content_block": start }));
    let deltas = deltas.map(|delta| {
        event(json!({ "type": "content_block_delta", "index": index, "delta": delta }))
    });
    let stop = event(json!({ "type": "content_block_stop", "index": index }));
    [start].into_iter().chain(deltas).chain([stop]).collect()
}

fn anthropic(said: &Said) -> Vec<String> {
    let Tokens {
        input,
        cached,
        output,
    } = said.usage;
    let mut frames = vec![
        event(json!({ "type": "message_start", "message": {
            "id": "msg_1", "type": "message", "role": "assistant", "model": "large", "content": [],
            "usage": { "input_tokens": input - cached, "cache_read_input_tokens": cached, "output_tokens": 1 },
        } })),
        event(json!({ "type": "ping" })),
    ];
    let mut index = 0;
    let mut add = |start: Value, deltas: Vec<Value>| {
        frames.extend(block(index, start, deltas.into_iter()));
        index += 1;
    };
    if !said.reasoning.is_empty() {
        let mut deltas = vec![json!({ "type": "thinking_delta", "thinking": said.reasoning })];
        deltas.push(json!({ "type": "signature_delta", "signature": "c2lnbmF0dXJl" }));
        add(
            json!({ "type": "thinking", "thinking": "", "signature": "" }),
            deltas,
        );
    }
    let text = pieces(&said.text).into_iter();
    let text = text.map(|piece| json!({ "type": "text_delta", "text": piece }));
    add(json!({ "type": "text", "text": "" }), text.collect());
    for (n, (name, arguments)) in said.calls.iter().enumerate() {
        let start =
            json!({ "type": "tool_use", "id": format!("toolu_{n}"), "name": name, "input": {} });
        let parts = pieces(arguments).into_iter();
        let parts = parts.map(|part| json!({ "type": "input_json_delta", "partial_json": part }));
        add(start, parts.collect());
    }
    let stop = if said.calls.is_empty() {
        "end_turn"
    } else {
        "tool_use"
    };
    frames.push(event(json!({
        "type": "message_delta", "delta": { "stop_reason": stop }, "usage": { "output_tokens": output },
    })));
    frames.push(event(json!({ "type": "message_stop" })));
    frames
}

fn candidate(parts: Value, finish: Value, usage: Tokens) -> String {
    let Tokens {
        input,
        cached,
        output,
    } = usage;
    let mut candidate = json!({ "content": { "role": "model", "parts": parts }, "index": 0 });
    if !finish.is_null() {
        candidate["finishReason"] = finish;
    }
    data(&json!({
        "candidates": [candidate], "modelVersion": "large",
        "usageMetadata": {
            "promptTokenCount": input, "cachedContentTokenCount": cached,
            "candidatesTokenCount": output, "totalTokenCount": input + output,
        },
    }))
}

fn gemini(said: &Said) -> Vec<String> {
    let text = pieces(&said.text).into_iter();
    let text = text.map(|piece| candidate(json!([{ "text": piece }]), Value::Null, said.usage));
    let mut frames: Vec<String> = text.collect();
    let calls = said.calls.iter().map(|(name, arguments)| {
        let arguments: Value = serde_json::from_str(arguments).unwrap_or_default();
        json!({ "functionCall": { "name": name, "args": arguments }, "thoughtSignature": "c2lnbmF0dXJl" })
    });
    let calls: Vec<Value> = calls.collect();
    frames.push(candidate(calls.into(), "STOP".into(), said.usage));
    frames
}

fn ollama(said: &Said) -> Vec<String> {
    let text = pieces(&said.text).into_iter();
    let text = text.map(|piece| {
        line(json!({ "message": { "role": "assistant", "content": piece }, "done": false }))
    });
    let mut frames: Vec<String> = text.collect();
    let calls = said.calls.iter().map(|(name, arguments)| {
        let arguments: Value = serde_json::from_str(arguments).unwrap_or_default();
        json!({ "function": { "name": name, "arguments": arguments } })
    });
    let calls: Vec<Value> = calls.collect();
    frames.push(line(json!({
        "message": { "role": "assistant", "content": "", "tool_calls": calls }, "done": true, "done_reason": "stop",
        "prompt_eval_count": said.usage.input, "prompt_eval_cached_count": said.usage.cached,
        "eval_count": said.usage.output,
    })));
    frames
}
