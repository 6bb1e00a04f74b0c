//! A new member: a person or an AI.

use shared_types::{
    command::NewMember,
    model::{AgentProfile, MemberKind},
};
use yew::prelude::*;

use crate::{
    components::{
        dialog::Dialog,
        form::{FormFooter, text_area, text_field, use_kept},
    },
    store::use_store,
};

/// Where what is typed in the dialog is kept.
pub fn new_member(kind: MemberKind) -> AttrValue {
    match kind {
        MemberKind::Human => "new person".into(),
        MemberKind::Agent => "new AI member".into(),
    }
}

/// Properties of [`CreateMember`].
#[derive(Properties, PartialEq)]
pub struct CreateMemberProps {
    pub kind: MemberKind,
    pub on_close: Callback<()>,
}

/// The dialog.
#[component]
pub fn CreateMember(props: &CreateMemberProps) -> Html {
    let store = use_store();
    let is_agent = props.kind == MemberKind::Agent;
    let place = new_member(props.kind);
    let name = use_kept(&place, "name", String::new());
    let title = use_kept(&place, "title", String::new());
    let instructions = use_kept(&place, "instructions", String::new());
    let onsubmit = {
        let (name, title, instructions) = (name.clone(), title.clone(), instructions.clone());
        let (kind, place, on_close) = (props.kind, place.clone(), props.on_close.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (Some(name), Some(title), Some(instructions)) =
                (name.parse(), title.parse_optional(), instructions.parse())
            else {
                return;
            };
            let agent = is_agent.then(|| AgentProfile {
                instructions,
                ..AgentProfile::default()
            });
            let new = NewMember {
                id: None,
                name,
                slug: None,
                title,
                kind,
                agent,
            };
            store.send_from(&place, || {
                store.create_member(new);
            });
            on_close.emit(());
        })
    };
    html! {
        <Dialog title={if is_agent { "New AI member" } else { "New person" }} on_close={props.on_close.clone()}>
            <form {onsubmit}>
                <div class="dialog-body">
                    { text_field("member-name", "Name", "", &name, true) }
                    { text_field("member-title", "Title", "What they do, such as Product designer", &title, false) }
                    if is_agent {
                        { text_area("member-instructions", "Instructions", "How it should work. Markdown.", &instructions) }
                    }
                </div>
                <FormFooter {place} action="Add member" on_close={props.on_close.clone()} />
            </form>
        </Dialog>
    }
}
