//! The comments on an item.

use std::sync::Arc;

use shared_types::{
    model::{Comment, Entity},
    value::{Body, ItemId},
};
use yew::prelude::*;

use crate::{
    components::{
        avatar::{Avatar, Size, ai_badge},
        editor::Editor,
        focus::use_focus_back,
        icon::{Icon, icon},
        markdown::markdown,
        time::RelativeTime,
    },
    store::{Action, use_may, use_select, use_store},
};

/// Properties of [`Comments`].
#[derive(Properties, PartialEq)]
pub struct CommentsProps {
    pub item: ItemId,
}

/// All of them, oldest first, and the next one.
#[component]
pub fn Comments(props: &CommentsProps) -> Html {
    let store = use_store();
    let may = use_may(Action::Work);
    let id = props.item;
    let comments = use_select(move |state| state.comments_of(id).cloned().collect::<Vec<_>>());
    let lines = comments.iter().map(|comment| {
        html! { <OneComment key={comment.id().to_string()} comment={comment.clone()} /> }
    });
    let on_save = Callback::from(move |body: Body| {
        store.create_comment(id, body);
    });
    html! {
        <section class="section" aria-label="Comments">
            <div class="section-header">
                <h2>{ "Comments" }</h2>
                if !comments.is_empty() {
                    <span class="count">{ comments.len() }</span>
                }
            </div>
            <ol aria-live="polite">{ for lines }</ol>
            if may {
                <Editor place={format!("new comment {id}")} label="New comment" placeholder="Comment in Markdown" action="Comment" {on_save} />
            } else if comments.is_empty() {
                <p class="muted">{ "No comments yet." }</p>
            }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct OneCommentProps {
    comment: Arc<Comment>,
}

#[component]
fn OneComment(props: &OneCommentProps) -> Html {
    let store = use_store();
    let may = use_may(Action::Work);
    let editing = use_state(|| false);
    let comment = props.comment.clone();
    let id = comment.id();
    let (author, is_mine, is_pending) = {
        let author = comment.author;
        let known = use_select(move |state| {
            let member = author.and_then(|author| state.member(author).cloned());
            (
                member,
                author.is_some() && author == state.me(),
                state.is_pending(id.uuid()),
            )
        });
        (*known).clone()
    };
    let button = use_node_ref();
    use_focus_back(button.clone(), *editing);
    let edit = {
        let editing = editing.clone();
        Callback::from(move |_: MouseEvent| editing.set(true))
    };
    let delete = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| {
            store.delete_comment(id);
            store.offer_undo("Comment deleted.");
        })
    };
    let on_save = {
        let editing = editing.clone();
        Callback::from(move |body: Body| {
            editing.set(false);
            store.update_comment(id, body);
        })
    };
    let on_cancel = {
        let editing = editing.clone();
        Callback::from(move |()| editing.set(false))
    };
    let name = author.as_ref().map_or_else(
        || "Someone who is gone".to_owned(),
        |author| author.name.to_string(),
    );
    html! {
        <li class="comment">
            if let Some(author) = &author {
                <Avatar member={author.clone()} size={Size::Medium} />
            } else {
                <span class="avatar-none"></span>
            }
            <div class="comment-head">
                <strong class="truncate">{ name.clone() }</strong>
                { author.as_deref().map(ai_badge).unwrap_or_default() }
                <RelativeTime at={comment.stamp.created_at} />
                if comment.version() > 1 {
                    <span class="stamp">{ "edited" }</span>
                }
                if is_pending {
                    <span class="stamp">{ "sending" }</span>
                }
                <span class="row">
                    if may && is_mine {
                        <button type="button" class="button button-quiet button-icon" ref={button} aria-label={format!("Edit comment of {name}")}
                            onclick={edit}>{ icon(Icon::Edit) }</button>
                    }
                    if may {
                        <button type="button" class="button button-quiet button-icon" aria-label={format!("Delete comment of {name}")}
                            onclick={delete}>{ icon(Icon::Trash) }</button>
                    }
                </span>
            </div>
            <div class="comment-body">
                if may && *editing {
                    <Editor place={format!("comment {id}")} label="Comment" value={comment.body.to_string()} action="Save" eager={true} {on_save} {on_cancel} />
                } else {
                    { markdown(comment.body.to_string()) }
                }
            </div>
        </li>
    }
}
