//! The provider that is no model: it needs no key and no network, says so, and always does the same for the same task.

use std::time::Duration;

use futures_util::{StreamExt, stream::BoxStream};
use serde_json::{Value, json};
use shared_types::model::{RunKind, Usage};

use super::{About, Call, Delta, LlmClient, LlmError, Prompt, Turn};

const SCRIPTED: &str = "_Scripted; no model was asked._";

/// Comments on an item beyond which it keeps quiet, so that what is worked again and again does not grow.
const COMMENTS: u32 = 3;

/// Says what fits the task, word by word.
pub struct Scripted {
    /// Between two words.
    pace: Duration,
}

impl Scripted {
    /// One that says so many words in a second.
    pub fn new(words_per_second: u32) -> Self {
        Self {
            pace: Duration::from_secs(1) / words_per_second.max(1),
        }
    }
}

impl LlmClient for Scripted {
    fn stream(&self, prompt: Prompt) -> BoxStream<'static, Result<Delta, LlmError>> {
        let said = prompt.turns.iter();
        let turn = said
            .filter(|turn| matches!(turn, Turn::Model { .. }))
            .count();
        let (text, call) = match prompt.about.kind {
            RunKind::Work => work(&prompt.about, turn),
            RunKind::Plan => plan(&prompt.about),
        };
        let usage = Usage {
            input: prompt.tokens_about() / 2,
            cached: 0,
            output: text.len() as u64 / 4,
        };
        let words: Vec<Delta> = text
            .split_inclusive(' ')
            .map(|word| Delta::Text(word.to_owned()))
            .collect();
        let call = call.map(|(name, arguments)| {
            Delta::Call(Call {
                id: format!("call-{turn}"),
                name: name.to_owned(),
                arguments: arguments.to_string(),
            })
        });
        let deltas = words.into_iter().chain(call).chain([Delta::Usage(usage)]);
        let pace = self.pace;
        futures_util::stream::iter(deltas)
            .then(move |delta| async move {
                tokio::time::sleep(pace).await;
                Ok(delta)
            })
            .boxed()
    }
}

type Said = (String, Option<(&'static str, Value)>);

/// A plan, a comment where there are few, a look at each criterion, and the result.
fn work(about: &About, turn: usize) -> Said {
    let title = &about.title;
    let open = about.acceptance.iter().position(|(_, done)| !done);
    match (turn, open) {
        (0, _) => {
            let text = format!(
                "I am taking up **{title}**. First I read what is there, then I make the smallest change that does it, \
                 and then I check it against what must be true. {SCRIPTED}\n\n"
            );
            let call = match about.comments < COMMENTS {
                true => (
                    "post_comment",
                    json!({ "body": format!("Working on **{title}** now, attempt {}. {SCRIPTED}", about.attempt) }),
                ),
                false => ("get_item", json!({})),
            };
            (text, Some(call))
        }
        (1, Some(n)) => {
            let criterion = &about.acceptance[n].0;
            let text = format!(
                "The part that is still missing is: {criterion} I make that change now and look at the places that \
                 lean on it, so that nothing else moves.\n\n"
            );
            (text, Some(("update_task", json!({ "tick": [n] }))))
        }
        (1, None) => {
            let text = "Nothing is written about when this is done, so I keep to the title and stay small. I make the \
                        change now and go over it once more.\n\n";
            (text.into(), Some(("get_item", json!({}))))
        }
        _ => {
            let text = "It holds. I write down what I did and hand it in for a review.\n\n";
            let result = json!({
                "summary": format!("{title}: ready for a look").chars().take(200).collect::<String>(),
                "body": format!(
                    "## What was done\n\n- read what was there\n- made the smallest change for **{title}**\n- checked \
                     it against what must be true\n\n{SCRIPTED}"
                ),
            });
            (text.into(), Some(("submit_result", result)))
        }
    }
}

/// Three parts of anything.
fn plan(about: &About) -> Said {
    let title = about.title.chars().take(120).collect::<String>();
    let part = |what: &str, done: &str| {
        json!({
            "title": format!("{what}: {title}"),
            "description": SCRIPTED,
            "acceptance": [done],
        })
    };
    let text = format!(
        "**{title}** comes apart into three: find out what is needed, build it, and see that it holds. {SCRIPTED}\n\n"
    );
    let proposals = json!({
        "summary": format!("Three parts of {title}"),
        "proposals": [
            part("Find out", "What is needed is written down"),
            part("Build", "It does what was written down"),
            part("Check", "Somebody else has used it"),
        ],
    });
    (text, Some(("submit_plan", proposals)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prompt(turns: Vec<Turn>) -> Prompt {
        Prompt {
            model: None,
            temperature: None,
            most_output: 1_000,
            system: String::new(),
            turns,
            tools: Vec::new(),
            about: About {
                kind: RunKind::Work,
                title: "Sign in".into(),
                acceptance: vec![("It works".into(), false)],
                comments: 0,
                attempt: 1,
            },
        }
    }

    async fn answer(turns: Vec<Turn>) -> Vec<Delta> {
        let stream = Scripted::new(1_000_000).stream(prompt(turns));
        stream
            .map(|delta| delta.expect("it never fails"))
            .collect()
            .await
    }

    #[actix_web::test]
    async fn it_says_the_same_each_time_and_that_it_is_scripted() {
        let first = answer(Vec::new()).await;
        assert_eq!(first, answer(Vec::new()).await);
        let said: String = first
            .iter()
            .filter_map(|delta| match delta {
                Delta::Text(text) => Some(text.as_str()),
                _ => None,
            })
            .collect();
        assert!(
            said.contains("Sign in") && said.contains("Scripted"),
            "{said}"
        );
    }

    #[actix_web::test]
    async fn it_comes_to_a_result() {
        let mut turns = Vec::new();
        for name in ["post_comment", "update_task", "submit_result"] {
            let deltas = answer(turns.clone()).await;
            let called = deltas
                .iter()
                .any(|delta| matches!(delta, Delta::Call(call) if call.name == name));
            assert!(called, "{name} at {}", turns.len());
            turns.push(Turn::Model {
                text: String::new(),
                calls: Vec::new(),
                kept: None,
            });
        }
    }
}
