//! Who is in a team: taking in and letting go.

use std::sync::Arc;

use shared_types::{
    command::{Patch, TeamPatch},
    model::{Entity, Team},
    value::Body,
};
use yew::prelude::*;

use crate::{
    components::{
        avatar::Avatar,
        empty::nothing,
        icon::{Icon, icon},
        menu::{Choice, chosen_first},
        name::member_link,
        picker::Picker,
        text_block::TextBlock,
    },
    store::{Action, use_may, use_select, use_store},
};

/// Properties of [`TeamMembers`].
#[derive(Properties, PartialEq)]
pub struct TeamMembersProps {
    pub team: Arc<Team>,
}

/// Mission and members.
#[component]
pub fn TeamMembers(props: &TeamMembersProps) -> Html {
    let store = use_store();
    let may = use_may(Action::Work);
    let team = props.team.clone();
    let id = team.id();
    let everybody = use_select(|state| state.members().cloned().collect::<Vec<_>>());
    let choices: Vec<Choice> = everybody
        .iter()
        .map(|member| {
            Choice::new(member.id().to_string(), member.name.to_string())
                .icon(html! { <Avatar member={member.clone()} /> })
                .hint(member.title.clone())
                .chosen(team.members.contains(&member.id()))
        })
        .collect();
    let choices = chosen_first(choices);
    let on_choose = {
        let (store, team) = (store.clone(), team.clone());
        Callback::from(move |value: AttrValue| {
            let Ok(member) = value.parse() else { return };
            if team.members.contains(&member) {
                store.leave_team(id, member);
            } else {
                store.join_team(id, member);
            }
        })
    };
    let lines = everybody.iter().filter(|member| team.members.contains(&member.id())).map(|member| {
        let leave = {
            let (store, member) = (store.clone(), member.id());
            Callback::from(move |_: MouseEvent| store.leave_team(id, member))
        };
        html! {
            <li key={member.id().to_string()} class="item-row">
                <span class="grow">{ member_link(member) }</span>
                <span class="item-row-state wide-only">{ &member.title }</span>
                if may {
                    <button type="button" class="button button-quiet button-icon" onclick={leave}
                        aria-label={format!("Take {} out of the team", member.name)}>{ icon(Icon::Close) }</button>
                }
            </li>
        }
    });
    let on_save = {
        let store = store.clone();
        Callback::from(move |mission: Body| {
            let mission = Patch::Set(mission);
            store.update_team(
                id,
                TeamPatch {
                    mission,
                    ..TeamPatch::default()
                },
            );
        })
    };
    html! {
        <div class="account">
            <div class="section">
                <div class="section-header"><h2>{ "Mission" }</h2></div>
                <TextBlock place={format!("mission {id}")} label="Mission" value={team.mission.to_string()} add="Say what this team is for"
                    placeholder="What is it for? Markdown." {on_save} />
            </div>
            <section class="section" aria-label="Members">
                <div class="section-header">
                    <h2>{ "Members" }</h2>
                    <span class="count">{ team.members.len() }</span>
                    if may {
                        <Picker label="Add or remove members" class="button button-small" many={true} {choices} {on_choose}>
                            { icon(Icon::Plus) }{ "Add members" }
                        </Picker>
                    }
                </div>
                if team.members.is_empty() {
                    { nothing("Nobody is in this team yet. Its items can only be assigned to its members.") }
                } else {
                    <ul class="item-list">{ for lines }</ul>
                }
            </section>
        </div>
    }
}
