use genai::chat::{
    ChatMessage, ChatOptions, ChatRequest, ContentPart, MessageContent, Tool, ToolCall,
    ToolResponse,
};
use serde_json::{Value, json};

use super::super::{Call, Kept, Prompt, ToolSpec, Turn};
use crate::agents::provider::ProviderKind;

/// How a prompt is to be answered.
pub(super) fn options(prompt: &Prompt, kind: ProviderKind) -> ChatOptions {
    let options = ChatOptions::default()
        .with_max_tokens(prompt.most_output)
        .with_capture_usage(true)
        .with_capture_content(true)
        .with_capture_reasoning_content(true)
        // Of this protocol they are put together here: `genai` makes room for as many as the provider says there are.
        .with_capture_tool_calls(kind != ProviderKind::Openai);
    match prompt.temperature {
        Some(temperature) => options.with_temperature(temperature.value()),
        None => options,
    }
}

/// A prompt as `genai` has it.
pub(super) fn chat(prompt: Prompt) -> ChatRequest {
    let messages = prompt.turns.into_iter().map(message).collect();
    let request = ChatRequest::from_messages(messages).with_system(prompt.system);
    match prompt.tools.is_empty() {
        true => request,
        false => request.with_tools(prompt.tools.into_iter().map(tool)),
    }
}

fn tool(spec: ToolSpec) -> Tool {
    Tool::new(spec.name.into_owned())
        .with_description(spec.description)
        .with_schema(spec.schema)
}

fn message(turn: Turn) -> ChatMessage {
    match turn {
        Turn::User(text) => ChatMessage::user(text),
        Turn::Model { text, calls, kept } => {
            let parts = kept.and_then(Kept::parts);
            let parts = parts.unwrap_or_else(|| parts_of(text, calls));
            ChatMessage::assistant(MessageContent::from_parts(parts))
        }
        Turn::Tools(results) => {
            let response = |(call, result): (Call, String)| {
                ToolResponse::new(call.id, result).with_fn_name(call.name)
            };
            let responses: Vec<_> = results.into_iter().map(response).collect();
            ChatMessage::tool(MessageContent::from_tool_responses(responses))
        }
    }
}

/// The model's own part, where nothing more is known of it.
pub(super) fn parts_of(text: String, calls: Vec<Call>) -> Vec<ContentPart> {
    let text = (!text.is_empty()).then(|| ContentPart::from_text(text));
    let calls = calls.into_iter().map(|call| {
        ContentPart::ToolCall(ToolCall {
            fn_arguments: sent_back(&call.arguments),
            call_id: call.id,
            fn_name: call.name,
            thought_signatures: None,
        })
    });
    text.into_iter().chain(calls).collect()
}

/// Arguments as the provider takes them back: an object, even where the model wrote something else.
fn sent_back(arguments: &str) -> Value {
    match serde_json::from_str(arguments) {
        Ok(Value::Object(fields)) => Value::Object(fields),
        _ if arguments.trim().is_empty() => json!({}),
        _ => json!({ "unreadable": arguments }),
    }
}

impl Kept {
    /// Keeps the model's part as it was.
    pub(super) fn of(parts: &[ContentPart]) -> Option<Self> {
        serde_json::to_string(parts).ok().map(Kept)
    }

    fn parts(self) -> Option<Vec<ContentPart>> {
        let parts: Vec<ContentPart> = serde_json::from_str(&self.0).ok()?;
        let mended = parts.into_iter().map(|part| match part {
            ContentPart::ToolCall(mut call) if !call.fn_arguments.is_object() => {
                call.fn_arguments = sent_back(&written(&call.fn_arguments));
                ContentPart::ToolCall(call)
            }
            other => other,
        });
        Some(mended.collect())
    }
}

/// Arguments as the model wrote them. What could not be read as JSON is a string here.
pub(super) fn written(arguments: &Value) -> String {
    match arguments {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
