//! What came of a run: its result, or why there is none, and what it was told on the way.

use shared_types::model::{Exchange, Run, RunState};
use yew::prelude::*;

use crate::{
    components::{
        icon::{Icon, icon},
        markdown::markdown,
    },
    runs::words::failure,
};

/// Result, failure, reason, questions that were answered.
pub fn outcome(run: &Run) -> Html {
    html! {
        <>
            { for run.failure.map(|reason| {
                let (what, next) = failure(reason);
                html! {
                    <section class="section run-failed" aria-label="Failure">
                        <div class="section-header">{ icon(Icon::Warning) }<h2>{ what }</h2></div>
                        <p>{ next }</p>
                        { said(run) }
                    </section>
                }
            }) }
            if run.failure.is_none() && run.reason.is_some() {
                <section class="section run-reason" aria-label="Reason">
                    <div class="section-header"><h2>{ match run.state {
                        RunState::Rejected => "Why it was rejected",
                        _ => "Why it was stopped",
                    } }</h2></div>
                    { said(run) }
                </section>
            }
            if let Some(result) = &run.result {
                <section class="section" aria-label="Result">
                    <div class="section-header"><h2>{ "Result" }</h2></div>
                    <div class="panel run-result">
                        <p class="run-summary">{ result.summary.to_string() }</p>
                        if !result.body.is_empty() {
                            { markdown(result.body.to_string()) }
                        }
                        { for result.links.iter().map(|link| html! {
                            <a class="run-link" href={link.url.to_string()} target="_blank" rel="noopener noreferrer">
                                { icon(Icon::Link) }{ link.title.to_string() }
                            </a>
                        }) }
                    </div>
                </section>
            }
            { answered(&run.exchanges) }
        </>
    }
}

fn said(run: &Run) -> Html {
    let reason = run.reason.as_ref();
    html! { <>{ for reason.map(|reason| markdown(reason.to_string())) }</> }
}

fn answered(exchanges: &[Exchange]) -> Html {
    let lines = exchanges.iter().filter_map(|exchange| {
        let answer = exchange.answer.as_ref()?;
        let verdict = exchange.approved.map(|approved| if approved { "Yes. " } else { "No. " });
        Some(html! {
            <li>
                <div class="run-question">{ markdown(exchange.question.to_string()) }</div>
                <div class="run-answer">{ markdown(format!("{}{answer}", verdict.unwrap_or_default())) }</div>
            </li>
        })
    });
    let lines: Vec<Html> = lines.collect();
    if lines.is_empty() {
        return Html::default();
    }
    html! {
        <details class="log-fold">
            <summary>{ format!("{} answered on the way", lines.len()) }</summary>
            <ol class="log-detail">{ for lines }</ol>
        </details>
    }
}
