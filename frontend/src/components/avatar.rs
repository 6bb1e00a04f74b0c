//! Faces of members: a person is a circle, an AI member a hexagon.

use std::sync::Arc;

use shared_types::{
    model::{Entity, Member, MemberKind},
    value::MemberId,
};
use yew::prelude::*;

use crate::letters::upper;

/// Hues on which white initials keep their contrast, well apart from each other.
const HUES: [u16; 9] = [212, 250, 285, 325, 352, 18, 162, 190, 232];

/// How large a face is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Size {
    #[default]
    Small,
    Medium,
    Large,
    ExtraLarge,
}

/// Properties of [`Avatar`].
#[derive(Properties, PartialEq)]
pub struct AvatarProps {
    pub member: Arc<Member>,
    #[prop_or_default]
    pub size: Size,
    /// An agent that has work in progress.
    #[prop_or_default]
    pub working: bool,
}

/// One member's face. It has no name of its own for a screen reader: what stands beside it has.
#[component]
pub fn Avatar(props: &AvatarProps) -> Html {
    let member = &props.member;
    let size = match props.size {
        Size::Small => None,
        Size::Medium => Some("avatar-m"),
        Size::Large => Some("avatar-l"),
        Size::ExtraLarge => Some("avatar-xl"),
    };
    let kind = if member.kind == MemberKind::Agent {
        "agent"
    } else {
        "human"
    };
    html! {
        <span class={classes!("avatar", size)} data-kind={kind} data-working={props.working.to_string()}
            style={format!("--hue:{}", hue(member.id()))} title={member.name.to_string()} aria-hidden="true">
            <span class="avatar-face" data-initials={initials(&member.name)}></span>
        </span>
    }
}

/// The faces of those to whom something is assigned, the first `most` of them.
pub fn assignees(members: &[Arc<Member>], most: usize) -> Html {
    if members.is_empty() {
        return html! { <span class="avatar-none" title="Nobody"><span class="sr-only">{ "Nobody assigned" }</span></span> };
    }
    avatar_stack("Assigned to", members, most)
}

/// Several faces, overlapping; those beyond `most` are a number. A screen reader says their names after `what` they are.
pub fn avatar_stack(what: &str, members: &[Arc<Member>], most: usize) -> Html {
    let names: Vec<&str> = members.iter().map(|member| &*member.name).collect();
    let faces = members
        .iter()
        .take(most)
        .map(|member| html! { <Avatar member={member.clone()} /> });
    html! {
        <span class="avatar-stack">
            { for faces }
            if members.len() > most {
                // Ornament, as the faces are: the names say all of it.
                <span class="avatar-more" data-more={format!("+{}", members.len() - most)} aria-hidden="true"></span>
            }
            <span class="sr-only">{ format!("{what} {}", names.join(", ")) }</span>
        </span>
    }
}

/// The badge beside an AI member's name; nothing for a person.
pub fn ai_badge(member: &Member) -> Html {
    match member.kind {
        MemberKind::Agent => html! { <span class="ai-badge" title="AI member">{ "AI" }</span> },
        MemberKind::Human => Html::default(),
    }
}

/// A colour from an id.
fn hue(id: MemberId) -> u16 {
    let sum: usize = id
        .uuid()
        .as_bytes()
        .iter()
        .map(|byte| usize::from(*byte))
        .sum();
    HUES[sum % HUES.len()]
}

/// The first letters of the first and the last word.
fn initials(name: &str) -> String {
    let mut words = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    let initials: String = first.into_iter().chain(words.next_back()).collect();
    upper(&initials)
}
