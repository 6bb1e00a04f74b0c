//! One epic, feature or task, opened: all of it, edited where it stands.

use std::sync::Arc;

use shared_types::{
    model::{Entity, Item},
    topic::Topic,
    value::{ItemId, ProjectId},
};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::{
    acceptance::Acceptance,
    children::Related,
    comments::Comments,
    fields::Fields,
    texts::{Description, Title},
};
use crate::{
    components::{
        runs_part::runs,
        work::{field::Field, field_menu::FieldMenu},
    },
    keys::{Key, is_page_covered, use_keys},
    runs::Panel,
    store::{Action, use_may, use_select, use_store, use_topic},
};

/// Properties of [`ItemView`].
#[derive(Properties, PartialEq)]
pub struct ItemViewProps {
    pub id: ItemId,
    /// Called when it has been deleted here.
    pub on_deleted: Callback<()>,
}

/// See the module. The page around it follows the item's own topic.
#[component]
pub fn ItemView(props: &ItemViewProps) -> Html {
    let id = props.id;
    let store = use_store();
    let may = use_may(Action::Work);
    let item = use_select(move |state| state.item(id).cloned());
    let project = item.as_ref().as_ref().and_then(|item| item.project);
    // For its parent, children, teams and what it depends on.
    use_topic(
        &project
            .map(|id: ProjectId| Topic::Project(id).to_string())
            .unwrap_or_default(),
    );
    let root = use_node_ref();
    let menu = use_state(|| None::<(Field, Element)>);
    {
        let (root, menu) = (root.clone(), menu.clone());
        let takes: &[Key] = if may {
            &[Key::Edit, Key::Assign, Key::Status]
        } else {
            &[]
        };
        use_keys(takes, move |key| {
            let Some(element) = root.cast::<Element>() else {
                return false;
            };
            // One that has a page of its own may have another over it, in the drawer.
            let is_behind = is_page_covered() && !matches!(element.closest(".drawer"), Ok(Some(_)));
            let open = |field: Field| {
                let anchor = element
                    .query_selector(&format!("[data-field='{}']", field.name()))
                    .ok()
                    .flatten();
                menu.set(anchor.map(|anchor| (field, anchor)));
                true
            };
            match key {
                _ if is_behind => false,
                Key::Assign => open(Field::Assignees),
                Key::Status => open(Field::Status),
                Key::Edit => {
                    edit_title(&element);
                    true
                }
                _ => false,
            }
        });
    }
    let is_edited_next =
        *use_select(move |state| state.is_edited_next(id) && state.item(id).is_some());
    {
        let (root, store) = (root.clone(), store.clone());
        use_effect_with(is_edited_next, move |is_edited_next| {
            if let Some(element) = root.cast::<Element>().filter(|_| *is_edited_next) {
                edit_title(&element);
                store.edit_next(None);
            }
        });
    }
    let close_menu = {
        let menu = menu.clone();
        Callback::from(move |()| menu.set(None))
    };
    let Some(item) = &*item else {
        return Html::default();
    };
    let item: Arc<Item> = item.clone();
    html! {
        <article class="item-detail" ref={root} aria-label={format!("{} {}", item.key, item.title)}>
            <div class="item-head">
                <Title item={item.clone()} />
                <Description key={format!("text-{id}")} item={item.clone()} />
            </div>
            <div class="item-rest">
                <Acceptance item={item.clone()} />
                { runs(Panel::OfItem(id)) }
                <Related item={item.clone()} />
                <Comments item={id} />
            </div>
            <aside class="item-aside" aria-label="Fields">
                <Fields item={item.clone()} on_deleted={props.on_deleted.clone()} />
            </aside>
            if let Some((field, anchor)) = &*menu {
                <FieldMenu field={*field} items={vec![item.id()]} anchor={anchor.clone()} on_close={close_menu} />
            }
        </article>
    }
}

fn edit_title(view: &Element) {
    let title = view.query_selector(".item-title").ok().flatten();
    if let Some(title) = title.and_then(|title| title.dyn_into::<HtmlElement>().ok()) {
        title.click();
    }
}
