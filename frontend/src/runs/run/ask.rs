//! A question of a run, and the answer that lets it go on.

use std::sync::Arc;

use shared_types::{
    command::AnswerRun,
    model::{Entity, Run},
    value::Body,
};
use yew::prelude::*;

use crate::{
    components::{
        editor::Editor,
        icon::{Icon, icon},
        markdown::markdown,
    },
    runs::log::pretty,
    store::{Action, use_may, use_select, use_store},
};

/// Properties of [`Ask`].
#[derive(Properties, PartialEq)]
pub struct AskProps {
    pub run: Arc<Run>,
}

/// The question that waits; where it asks whether it may use a tool, with what for, and yes or no.
#[component]
pub fn Ask(props: &AskProps) -> Html {
    let store = use_store();
    let may = use_may(Action::Work);
    let (id, item) = (props.run.id(), props.run.item);
    let is_sending = *use_select(move |state| state.is_sending_to(&format!("/runs/{id}")));
    let Some(asked) = props.run.open_question() else {
        return Html::default();
    };
    let answer = {
        let store = store.clone();
        Callback::from(move |answer: AnswerRun| store.answer_run(id, item, &answer))
    };
    let decide = |approve: bool| {
        answer.reform(move |_: MouseEvent| AnswerRun {
            answer: Body::default(),
            approve: Some(approve),
        })
    };
    let on_save = answer.reform(|answer: Body| AnswerRun {
        answer,
        approve: None,
    });
    html! {
        <section class="section run-call" aria-label="Question">
            <div class="section-header">{ icon(Icon::Comment) }<h2>{ "It asks, and waits for an answer" }</h2></div>
            { markdown(asked.question.to_string()) }
            if let Some(tool) = &asked.tool {
                <pre tabindex="0" aria-label={format!("What it would do with {}", tool.name)}>{ pretty(&tool.arguments) }</pre>
            }
            if !may {
                <p class="muted">{ "Your role does not let you answer." }</p>
            } else if asked.tool.is_some() {
                <div class="row">
                    <button type="button" class="button button-primary" disabled={is_sending} onclick={decide(true)}>
                        { icon(Icon::Check) }{ "Let it" }
                    </button>
                    <button type="button" class="button" disabled={is_sending} onclick={decide(false)}>{ "Refuse" }</button>
                </div>
            } else if is_sending {
                <p class="muted" role="status">{ "Sending the answer…" }</p>
            } else {
                <Editor place={format!("answer {id}")} label="Answer" placeholder="Answer in Markdown" action="Answer" {on_save} />
            }
        </section>
    }
}
