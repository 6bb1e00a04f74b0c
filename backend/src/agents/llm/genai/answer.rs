use std::collections::VecDeque;

use futures_util::{Stream, StreamExt, stream};
use genai::chat::{
    ChatStream, ChatStreamEvent, ContentPart, MessageContent, StreamEnd, ToolCall, Usage as Counted,
};
use shared_types::model::Usage;

use super::{
    super::{Call, Delta, Kept, LlmError},
    error,
    request::{parts_of, written},
};
use crate::agents::provider::{ApiKey, ProviderKind};

/// An answer as it is heard.
pub(super) struct Hearing {
    events: ChatStream,
    kind: ProviderKind,
    key: Option<ApiKey>,
    said: Said,
    ready: VecDeque<Delta>,
    is_over: bool,
}

/// What is told when it is complete.
#[derive(Default)]
struct Said {
    text: String,
    /// Of the protocol in which they come in pieces.
    calls: Vec<Call>,
    /// Bytes of the arguments that are being written, where each piece repeats those before it.
    repeated: usize,
}

impl Hearing {
    pub fn new(events: ChatStream, kind: ProviderKind, key: Option<ApiKey>) -> Self {
        Self {
            events,
            kind,
            key,
            said: Said::default(),
            ready: VecDeque::new(),
            is_over: false,
        }
    }

    pub fn deltas(self) -> impl Stream<Item = Result<Delta, LlmError>> + Send {
        stream::unfold(self, Self::next)
    }

    async fn next(mut self) -> Option<(Result<Delta, LlmError>, Self)> {
        loop {
            if let Some(delta) = self.ready.pop_front() {
                return Some((Ok(delta), self));
            }
            if self.is_over {
                return None;
            }
            let failed = match self.events.next().await {
                Some(Ok(ChatStreamEvent::End(end))) => {
                    self.is_over = true;
                    match self.end(end) {
                        Ok(last) => {
                            self.ready.extend(last);
                            continue;
                        }
                        Err(broken) => broken,
                    }
                }
                Some(Ok(event)) => {
                    let delta = self.said.hear(event, self.kind);
                    self.ready.extend(delta);
                    continue;
                }
                Some(Err(error)) => error::understand(&error, self.key.as_ref()),
                None => broke_off(),
            };
            self.is_over = true;
            return Some((Err(failed), self));
        }
    }

    fn end(&mut self, end: StreamEnd) -> Result<Vec<Delta>, LlmError> {
        // Of these protocols the end of the connection is taken for that of the answer.
        let is_taken = matches!(self.kind, ProviderKind::Gemini | ProviderKind::Ollama);
        if is_taken && end.captured_stop_reason.is_none() {
            return Err(broke_off());
        }
        let usage = end.captured_usage.map(usage).map(Delta::Usage);
        let said = std::mem::take(&mut self.said);
        let (calls, kept) = match self.kind {
            ProviderKind::Openai => {
                let kept = end.captured_reasoning_content.and_then(|reasoning| {
                    let mut parts = vec![ContentPart::ReasoningContent(reasoning)];
                    parts.extend(parts_of(said.text, said.calls.clone()));
                    Kept::of(&parts)
                });
                (said.calls, kept)
            }
            _ => {
                let parts = end.captured_content.map(MessageContent::into_parts);
                let parts = parts.unwrap_or_default();
                let kept = parts.iter().any(must_be_kept).then(|| Kept::of(&parts));
                (calls_in(parts), kept.flatten())
            }
        };
        let calls = calls.into_iter().map(Delta::Call);
        let kept = kept.map(Delta::Kept);
        Ok(calls.chain(kept).chain(usage).collect())
    }
}

impl Said {
    fn hear(&mut self, event: ChatStreamEvent, kind: ProviderKind) -> Option<Delta> {
        match event {
            ChatStreamEvent::Chunk(chunk) => {
                self.text.push_str(&chunk.content);
                Some(Delta::Text(chunk.content))
            }
            ChatStreamEvent::ReasoningChunk(chunk) => Some(Delta::Reasoning(chunk.content)),
            ChatStreamEvent::ThoughtSignatureChunk(chunk) => {
                Some(Delta::Partly(chunk.content.len()))
            }
            ChatStreamEvent::ToolCallChunk(chunk) => {
                Some(Delta::Partly(self.piece(chunk.tool_call, kind)))
            }
            // That the connection is alive does not mean that anything is said.
            ChatStreamEvent::Start | ChatStreamEvent::Heartbeat | ChatStreamEvent::End(_) => None,
        }
    }

    /// A piece of a call: how many bytes of it are new, and never none, so that an answer of nothings ends too.
    fn piece(&mut self, piece: ToolCall, kind: ProviderKind) -> usize {
        let arguments = written(&piece.fn_arguments);
        let name = piece.fn_name.len() + 1;
        if kind != ProviderKind::Openai {
            // A shorter one than the last begins another call.
            let before = std::mem::replace(&mut self.repeated, arguments.len());
            return arguments
                .len()
                .checked_sub(before)
                .unwrap_or(arguments.len())
                + 1;
        }
        let bytes = arguments.len() + name;
        match self.call_of(&piece) {
            Some(call) => call.arguments.push_str(&arguments),
            None => self.calls.push(Call {
                id: piece.call_id,
                name: piece.fn_name,
                arguments,
            }),
        }
        bytes
    }

    /// The call that a piece goes on with. The first piece of one has its name and id; in those behind it `genai` puts
    /// `call_<place>` where the provider repeats no id.
    fn call_of(&mut self, piece: &ToolCall) -> Option<&mut Call> {
        let by_id = self.calls.iter().position(|call| call.id == piece.call_id);
        let by_place = || {
            let place: usize = piece.call_id.strip_prefix("call_")?.parse().ok()?;
            (place < self.calls.len()).then_some(place)
        };
        let last = self.calls.len().checked_sub(1);
        let place = match piece.fn_name.is_empty() {
            true => by_id.or_else(by_place).or(last),
            false => by_id,
        };
        place.and_then(|place| self.calls.get_mut(place))
    }
}

fn broke_off() -> LlmError {
    LlmError::Broken("the connection ended in the middle".into())
}

/// Whether a part is more than can be told from the text and the calls.
fn must_be_kept(part: &ContentPart) -> bool {
    match part {
        ContentPart::ThoughtSignature(_)
        | ContentPart::ReasoningContent(_)
        | ContentPart::Custom(_) => true,
        ContentPart::ToolCall(call) => call.thought_signatures.is_some(),
        _ => false,
    }
}

fn calls_in(parts: Vec<ContentPart>) -> Vec<Call> {
    let call = |part| match part {
        ContentPart::ToolCall(call) => Some(Call {
            arguments: written(&call.fn_arguments),
            id: call.call_id,
            name: call.fn_name,
        }),
        _ => None,
    };
    parts.into_iter().filter_map(call).collect()
}

fn usage(counted: Counted) -> Usage {
    // No provider counts below nothing; one that does anyway is not to be paid for it.
    let tokens = |count: Option<i32>| u64::try_from(count.unwrap_or_default()).unwrap_or_default();
    let details = counted.prompt_tokens_details;
    Usage {
        input: tokens(counted.prompt_tokens),
        cached: tokens(details.and_then(|details| details.cached_tokens)),
        output: tokens(counted.completion_tokens),
    }
}
