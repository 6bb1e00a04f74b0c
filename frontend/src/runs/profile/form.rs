//! The rest of a profile, as a form.

use serde::Deserialize;
use shared_types::{
    model::{AgentLimits, AgentProfile, ToolSwitch, ToolSwitches},
    value::{Name, Temperature},
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    components::form::{Line, Typed, line_field, select, text_field, use_typed},
    json,
    net::rest,
    runs::words::{micros, typed_dollars},
    store::{Action, use_may},
};

/// Properties of [`ProfileForm`].
#[derive(Properties, PartialEq)]
pub struct ProfileFormProps {
    pub profile: AgentProfile,
    /// Who may not change it reads it.
    pub may: bool,
    pub on_change: Callback<AgentProfile>,
}

/// Another one whenever something in the form is not as it was: others may change it too.
pub fn fingerprint(profile: &AgentProfile) -> String {
    json::write(&AgentProfile {
        instructions: Default::default(),
        ..profile.clone()
    })
}

/// What is typed.
#[derive(Clone)]
struct Fields {
    provider: Typed,
    model: Typed,
    temperature: Typed,
    turns: Typed,
    tokens: Typed,
    minutes: Typed,
    cost: Typed,
    running: Typed,
}

/// A tool: its name, what it is for, and where its switch is.
type Tool = (
    &'static str,
    &'static str,
    fn(&mut ToolSwitches) -> &mut ToolSwitch,
);

const TOOLS: [Tool; 5] = [
    ("post_comment", "Comment on its item", |tools| {
        &mut tools.post_comment
    }),
    ("create_task", "Make tasks beside its own", |tools| {
        &mut tools.create_task
    }),
    ("update_task", "Change its own task", |tools| {
        &mut tools.update_task
    }),
    ("list_items", "List items of the project", |tools| {
        &mut tools.list_items
    }),
    ("get_item", "Read items of the project", |tools| {
        &mut tools.get_item
    }),
];

const SWITCHES: [(ToolSwitch, &str, &str); 3] = [
    (ToolSwitch::Allowed, "allowed", "Allowed"),
    (ToolSwitch::Ask, "ask", "Ask each time"),
    (ToolSwitch::Forbidden, "forbidden", "Forbidden"),
];

/// A provider of models, as far as it is chosen by.
#[derive(Clone, PartialEq, Deserialize)]
struct Provider {
    name: String,
    model: Option<String>,
    usual: bool,
}

#[derive(Deserialize)]
struct Providers {
    providers: Vec<Provider>,
}

/// Those that there are. Who may not see them, or is cut off, types a name all the same.
#[hook]
fn use_providers() -> UseStateHandle<Vec<Provider>> {
    let may = use_may(Action::ManageAgents);
    let known = use_state(Vec::new);
    let setter = known.setter();
    use_effect_with(may, move |may| {
        if *may {
            spawn_local(async move {
                if let Ok(answer) = rest::get::<Providers>("/providers").await {
                    setter.set(answer.providers);
                }
            });
        }
    });
    known
}

/// See the module.
#[component]
pub fn ProfileForm(props: &ProfileFormProps) -> Html {
    let was = &props.profile;
    let text = |name: &Option<Name>| name.as_ref().map(ToString::to_string).unwrap_or_default();
    let limits = was.limits;
    let fields = Fields {
        provider: use_typed(text(&was.provider)),
        model: use_typed(text(&was.model)),
        temperature: use_typed(
            was.temperature
                .map(|value| value.value().to_string())
                .unwrap_or_default(),
        ),
        turns: use_typed(limits.turns.to_string()),
        tokens: use_typed(limits.tokens.to_string()),
        minutes: use_typed(limits.minutes.to_string()),
        cost: use_typed(typed_dollars(limits.cost)),
        running: use_typed(limits.running.to_string()),
    };
    let providers = use_providers();
    let options = providers.iter().map(|provider| {
        let words = match (&provider.model, provider.usual) {
            (Some(model), true) => format!("{model}; the server’s own choice"),
            (Some(model), false) => model.clone(),
            (None, true) => "The server’s own choice".to_owned(),
            (None, false) => String::new(),
        };
        html! { <option key={provider.name.clone()} value={provider.name.clone()} label={(!words.is_empty()).then_some(words)} /> }
    });
    let suggested = Line {
        list: Some("profile-providers"),
        ..Line::text(false)
    };
    let tools = use_state(|| was.tools);
    let auto_start = use_state(|| was.auto_start);
    let onsubmit = {
        let (fields, was, on_change) = (fields.clone(), was.clone(), props.on_change.clone());
        let (tools, auto_start) = (*tools, *auto_start);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let read = fields.read(AgentProfile {
                tools,
                auto_start,
                ..was.clone()
            });
            if let Some(profile) = read.filter(|profile| *profile != was) {
                on_change.emit(profile);
            }
        })
    };
    let toggle = {
        let auto_start = auto_start.clone();
        Callback::from(move |_: Event| auto_start.set(!*auto_start))
    };
    let switches = TOOLS.iter().map(|(name, what, switch)| {
        let now = *switch(&mut (*tools).clone());
        let choices = SWITCHES.map(|(_, value, words)| (value.to_owned(), words.to_owned()));
        let (_, chosen, _) = SWITCHES.iter().find(|(one, ..)| *one == now).unwrap_or(&SWITCHES[0]);
        let on_choose = {
            let tools = tools.clone();
            Callback::from(move |value: String| {
                let mut changed = *tools;
                if let Some((chosen, ..)) = SWITCHES.iter().find(|(_, one, _)| *one == value) {
                    *switch(&mut changed) = *chosen;
                }
                tools.set(changed);
            })
        };
        html! {
            <li class="tool-switch">
                <span class="grow"><code>{ *name }</code><span class="muted">{ format!(" {what}") }</span></span>
                { select("", Some(format!("{name}: {what}")), &choices, chosen, on_choose) }
            </li>
        }
    });
    html! {
        <form {onsubmit}>
            if !props.may {
                <p class="field-hint">{ "Only owners and admins change this." }</p>
            }
            <fieldset class="stack" disabled={!props.may}>
                <section class="section" aria-label="Model">
                    <div class="section-header"><h2>{ "Model" }</h2></div>
                    <div class="form-grid">
                        { line_field("profile-provider", "Provider", "Such as openai, anthropic or scripted. Empty: the server’s own choice.", &fields.provider, suggested) }
                        <datalist id="profile-providers">{ for options }</datalist>
                        { text_field("profile-model", "Model", "Empty: the provider’s usual one.", &fields.model, false) }
                        { text_field("profile-temperature", "Temperature", "0 to 2. Empty: as the provider has it.", &fields.temperature, false) }
                    </div>
                </section>
                <section class="section" aria-label="Limits">
                    <div class="section-header"><h2>{ "Limits of one run" }</h2></div>
                    <div class="form-grid">
                        { text_field("profile-turns", "Answers of the model", "1 to 200", &fields.turns, false) }
                        { text_field("profile-tokens", "Tokens", "1,000 to 10,000,000", &fields.tokens, false) }
                        { text_field("profile-minutes", "Minutes", "1 to 240; waiting for a person does not count", &fields.minutes, false) }
                        { text_field("profile-cost", "Cost in dollars", "Empty: what the budgets leave", &fields.cost, false) }
                        { text_field("profile-running", "Runs at the same time", "1 to 20", &fields.running, false) }
                    </div>
                </section>
                <section class="section" aria-label="Tools">
                    <div class="section-header"><h2>{ "What it may do" }</h2></div>
                    <ul class="item-list">{ for switches }</ul>
                    <p class="field-hint">{ "Asking a question and handing in its work are always allowed." }</p>
                    <label class="row">
                        <input type="checkbox" class="checkbox" checked={*auto_start} onchange={toggle} />
                        { "Begin as soon as a task in Todo is assigned to it" }
                    </label>
                </section>
                if props.may {
                    <div class="row"><button type="submit" class="button button-primary">{ "Save profile" }</button></div>
                }
            </fieldset>
        </form>
    }
}

impl Fields {
    /// What is typed; what is wrong with it is shown at the field.
    fn read(&self, rest: AgentProfile) -> Option<AgentProfile> {
        let limits = AgentLimits {
            turns: number(&self.turns)?,
            tokens: number(&self.tokens)?,
            minutes: number(&self.minutes)?,
            running: number(&self.running)?,
            cost: match micros(self.cost.text()) {
                Ok(cost) => cost,
                Err(why) => return refuse(&self.cost, why),
            },
        };
        if let Some((name, why)) = limits.fault() {
            let field = match name {
                "turns" => &self.turns,
                "tokens" => &self.tokens,
                "minutes" => &self.minutes,
                _ => &self.running,
            };
            return refuse(field, &why);
        }
        Some(AgentProfile {
            provider: self.provider.parse_optional()?,
            model: self.model.parse_optional()?,
            temperature: temperature(&self.temperature)?,
            limits,
            ..rest
        })
    }
}

fn refuse<T>(field: &Typed, why: &str) -> Option<T> {
    field.wrong(why);
    None
}

fn number<T: std::str::FromStr>(field: &Typed) -> Option<T> {
    let digits: String = field
        .text()
        .chars()
        .filter(|c| !matches!(c, ',' | ' '))
        .collect();
    match digits.parse() {
        Ok(number) => Some(number),
        Err(_) => refuse(field, "must be a whole number"),
    }
}

fn temperature(field: &Typed) -> Option<Option<Temperature>> {
    let text = field.text().trim();
    if text.is_empty() {
        return Some(None);
    }
    match serde_json::from_str(text) {
        Ok(temperature) => Some(Some(temperature)),
        Err(_) => refuse(
            field,
            "must be 0 to 2 with at most two decimals, such as 0.7",
        ),
    }
}
