//! What the command bar offers.

use shared_types::model::Entity;

use crate::{
    keys::Key,
    letters::lower,
    routes::Route,
    store::{State, Theme},
};

/// One line of the bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What kind of thing it is.
    pub kind: &'static str,
    pub name: String,
    /// Its key, or the key to press for it.
    pub hint: String,
    pub act: Act,
}

/// What choosing it does.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    Go(Route),
    /// Opens an item over the page.
    Open(String),
    /// As if a key was pressed.
    Press(Key),
    Theme(Theme),
    Retry,
    Help,
}

impl Entry {
    fn new(kind: &'static str, name: impl Into<String>, hint: impl Into<String>, act: Act) -> Self {
        Self {
            kind,
            name: name.into(),
            hint: hint.into(),
            act,
        }
    }

    /// An item.
    pub fn item(key: String, title: &str) -> Self {
        Self::new("Item", title, key.clone(), Act::Open(key))
    }

    /// Whether it has all the words, which are in lower case.
    pub fn fits(&self, words: &str) -> bool {
        let text = lower(&format!("{} {} {}", self.kind, self.name, self.hint));
        words.split_whitespace().all(|word| text.contains(word))
    }

    /// Names it among the others.
    pub fn key(&self) -> String {
        format!("{:?}", self.act)
    }
}

/// What one can do here; `may_create` if something new can be made on this page.
pub fn commands(state: &State, may_create: bool) -> Vec<Entry> {
    let press = |name: &str, hint: &str, key: Key| Entry::new("Do", name, hint, Act::Press(key));
    let go = |name: &str, hint: &str, route: Route| Entry::new("Go", name, hint, Act::Go(route));
    let theme = |name: &str, theme: Theme| Entry::new("Do", name, "", Act::Theme(theme));
    let mut entries = vec![
        go("Dashboard", "G D", Route::Dashboard),
        go("Projects", "G P", Route::Projects),
        go("Members", "G M", Route::Members),
        go("Account", "G A", Route::Account),
        theme("Theme: as the system", Theme::System),
        theme("Theme: light", Theme::Light),
        theme("Theme: dark", Theme::Dark),
        Entry::new("Do", "Keyboard help", "?", Act::Help),
    ];
    if may_create {
        entries.insert(0, press("Create", "C", Key::Create));
    }
    if let Some(what) = state.undoable() {
        entries.push(press(&format!("Undo: {what}"), "Ctrl Z", Key::Undo));
    }
    if !state.live().is_live() {
        entries.push(Entry::new("Do", "Reconnect now", "", Act::Retry));
    }
    entries
}

/// The projects and members, and the items that the page knows, once something is typed.
pub fn places(state: &State, words: &str) -> Vec<Entry> {
    let project = |project: &std::sync::Arc<shared_types::model::Project>| {
        Entry::new(
            "Project",
            &*project.name,
            project.key.to_string(),
            Act::Go(Route::project(&project.slug)),
        )
    };
    let mut entries: Vec<Entry> = state.projects().map(project).collect();
    if words.is_empty() {
        return entries;
    }
    entries.extend(state.teams_known().map(|(project, team)| {
        Entry::new(
            "Team",
            &*team.name,
            &*project.name,
            Act::Go(Route::team(&project.slug, &team.slug)),
        )
    }));
    entries.extend(state.members().map(|member| {
        Entry::new(
            "Member",
            &*member.name,
            member.title.as_str(),
            Act::Go(Route::member(&member.slug)),
        )
    }));
    let items = state.items().filter(|item| {
        let text = lower(&format!("{} {}", item.key, item.title));
        words.split_whitespace().all(|word| text.contains(word))
    });
    let mut items: Vec<_> = items.collect();
    items.sort_by_key(|item| std::cmp::Reverse(item.stamp.updated_at));
    entries.extend(
        items
            .into_iter()
            .take(30)
            .map(|item| Entry::item(item.key.to_string(), &item.title)),
    );
    entries
}

impl State {
    fn teams_known(
        &self,
    ) -> impl Iterator<
        Item = (
            &std::sync::Arc<shared_types::model::Project>,
            &std::sync::Arc<shared_types::model::Team>,
        ),
    > {
        self.projects()
            .flat_map(|project| self.teams_of(project.id()).map(move |team| (project, team)))
    }
}
