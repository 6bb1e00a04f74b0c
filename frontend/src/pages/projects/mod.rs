//! All projects, and what is in none of them.

mod card;
mod create;
mod list;
mod own;

use yew::prelude::*;

use self::{
    create::{CreateProject, PLACE},
    list::ProjectList,
    own::OwnBacklog,
};
use crate::{
    components::{
        form::use_reopen,
        icon::{Icon, icon},
        item::create::{CreateItem, Wanted},
        tabs::{Tab, Tabs},
    },
    keys::{create_if, use_keys},
    routes::use_query,
    store::{Action, use_may, use_select},
};

/// What is being created.
#[derive(Debug, Clone, PartialEq)]
enum Creating {
    Project,
    Item(Wanted),
}

/// The page.
#[component]
pub fn Projects() -> Html {
    let query = use_query();
    let may = use_may(Action::Work);
    let creating = use_state(|| None::<Creating>);
    let counts = use_select(|state| {
        (
            state.projects().filter(|project| !project.archived).count(),
            state.items_in(None).count(),
        )
    });
    let is_own = query.get("tab") == Some("own");
    let what = if is_own {
        Creating::Item(Wanted::default())
    } else {
        Creating::Project
    };
    {
        let (creating, what) = (creating.clone(), what.clone());
        use_keys(create_if(may), move |_| {
            let takes = creating.is_none();
            if takes {
                creating.set(Some(what.clone()));
            }
            takes
        });
    }
    {
        let creating = creating.clone();
        use_reopen(PLACE, move || {
            if creating.is_none() {
                creating.set(Some(Creating::Project));
            }
        });
    }
    {
        let creating = creating.clone();
        use_reopen(Wanted::default().place(), move || {
            if creating.is_none() {
                creating.set(Some(Creating::Item(Wanted::default())));
            }
        });
    }
    let create = {
        let creating = creating.clone();
        Callback::from(move |()| creating.set(Some(what.clone())))
    };
    let create_under = {
        let creating = creating.clone();
        Callback::from(move |parent| {
            creating.set(Some(Creating::Item(Wanted {
                parent,
                ..Wanted::default()
            })));
        })
    };
    let close = {
        let creating = creating.clone();
        Callback::from(move |()| creating.set(None))
    };
    let on_choose = Callback::from(move |name: &'static str| {
        query.push("tab", Some(name).filter(|name| *name != "projects"));
    });
    let tabs = vec![
        Tab::new("projects", "Projects").count(counts.0),
        Tab::new("own", "Organization’s backlog").count(counts.1),
    ];
    let label = if is_own { "New item" } else { "New project" };
    html! {
        <div class={classes!("page", is_own.then_some("page-fixed"))}>
            <header class="page-header">
                <div class="page-heading"><h1>{ "Projects" }</h1></div>
                if may {
                    <div class="page-actions">
                        <button type="button" class="button button-primary" title={format!("{label} (C)")}
                            onclick={create.reform(|_: MouseEvent| ())}>
                            { icon(Icon::Plus) }{ label }
                        </button>
                    </div>
                }
            </header>
            <Tabs label="Projects and the organization’s backlog" {tabs} current={if is_own { "own" } else { "projects" }}
                {on_choose} />
            if is_own {
                <OwnBacklog on_create={create_under} />
            } else {
                <ProjectList on_create={create} />
            }
            { match &*creating {
                Some(Creating::Project) => html! { <CreateProject on_close={close} /> },
                Some(Creating::Item(wanted)) => html! { <CreateItem wanted={wanted.clone()} on_close={close} /> },
                None => Html::default(),
            } }
        </div>
    }
}
