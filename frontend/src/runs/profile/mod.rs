//! How an AI member works: its instructions, its model, its limits, what it may do, and what may be spent on it.

mod form;
mod try_out;

use shared_types::{
    command::{MemberPatch, Patch, ProfilePatch},
    model::AgentProfile,
    state::Sight,
    value::{Body, MemberId},
};
use yew::prelude::*;

use self::{form::ProfileForm, try_out::TryOut};
use super::money::BudgetOf;
use crate::{
    components::text_block::TextBlock,
    store::{Action, use_may, use_select, use_store},
};

/// Properties of [`Profile`].
#[derive(Properties, PartialEq)]
pub struct ProfileProps {
    pub id: MemberId,
}

/// See the module.
#[component]
pub fn Profile(props: &ProfileProps) -> Html {
    let id = props.id;
    let store = use_store();
    let may = use_may(Action::ManageMembers);
    let profile = use_select(move |state| state.member(id)?.agent.clone());
    let Some(profile) = (*profile).clone() else {
        return Html::default();
    };
    let change = move |agent: ProfilePatch| {
        let agent = Patch::Set(agent);
        store.update_member(
            id,
            MemberPatch {
                agent,
                ..MemberPatch::default()
            },
        );
    };
    let on_save = {
        let change = change.clone();
        Callback::from(move |instructions: Body| {
            change(ProfilePatch {
                instructions: Patch::Set(instructions),
                ..ProfilePatch::default()
            });
        })
    };
    // The form has all but the instructions.
    let on_change = Callback::from(move |profile: AgentProfile| {
        change(ProfilePatch {
            instructions: Patch::Keep,
            ..profile.into()
        });
    });
    let form = form::fingerprint(&profile);
    html! {
        <div class="account">
            <div class="section">
                <div class="section-header"><h2>{ "Instructions" }</h2></div>
                <TextBlock place={format!("instructions {id}")} label="Instructions" value={profile.instructions.to_string()} add="Say how it should work"
                    placeholder="How should it work? Markdown." action={Action::ManageMembers} {on_save} />
            </div>
            <ProfileForm key={form} profile={profile.clone()} {may} {on_change} />
            <TryOut {id} {profile} />
            <BudgetOf scope={Sight::Member(id)} />
        </div>
    }
}
