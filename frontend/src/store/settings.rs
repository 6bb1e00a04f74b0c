//! What this browser's user has chosen; kept in the browser.

use gloo::storage::{LocalStorage, Storage};
use shared_types::sync::Preference;

use super::{Store, live::transport_named, transport_name};

/// Light or dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system is.
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    /// All of them.
    pub const ALL: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];

    /// As it is kept, and as it stands in `<html data-theme>`.
    pub fn as_str(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }
}

/// The settings.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    pub theme: Theme,
    /// Which transport to use.
    pub preference: Preference,
    /// Whether there are toasts; the list of notifications is kept in any case.
    pub is_quiet: bool,
}

const THEME: &str = "devteam.theme";
const TRANSPORT: &str = "devteam.transport";
const QUIET: &str = "devteam.quiet";

impl Settings {
    /// As they were kept.
    pub fn load() -> Self {
        let text = |key: &str| {
            LocalStorage::raw()
                .get_item(key)
                .ok()
                .flatten()
                .unwrap_or_default()
        };
        let theme = text(THEME);
        let transport = text(TRANSPORT);
        Self {
            theme: Theme::ALL
                .into_iter()
                .find(|one| one.as_str() == theme)
                .unwrap_or_default(),
            preference: preference_named(&transport),
            is_quiet: text(QUIET) == "yes",
        }
    }

    fn save(&self) {
        let transport = preference_name(self.preference);
        let quiet = if self.is_quiet { "yes" } else { "no" };
        for (key, value) in [
            (THEME, self.theme.as_str()),
            (TRANSPORT, transport),
            (QUIET, quiet),
        ] {
            // Without a storage they last as long as the page.
            let _ = LocalStorage::raw().set_item(key, value);
        }
    }

    /// Puts the theme on the page; index.html does the same before the app is there.
    pub fn show_theme(&self) {
        if let Some(html) = gloo::utils::document().document_element() {
            // A plain attribute on an element that is there can be set.
            let _ = html.set_attribute("data-theme", self.theme.as_str());
        }
    }
}

/// The word that a choice of transport is kept as.
pub fn preference_name(preference: Preference) -> &'static str {
    match preference {
        Preference::Automatic => "automatic",
        Preference::Only(transport) => transport_name(transport),
    }
}

/// The choice of transport that is kept as this word.
pub fn preference_named(name: &str) -> Preference {
    transport_named(name).map_or(Preference::Automatic, Preference::Only)
}

impl Store {
    /// Takes on the settings as they were kept.
    pub fn load_settings(&self) {
        let settings = Settings::load();
        settings.show_theme();
        self.update(|state| state.settings = settings);
    }

    /// Changes the settings, keeps them, and acts on them.
    pub fn set_settings(&self, settings: Settings) {
        settings.save();
        settings.show_theme();
        let before = self.update(|state| std::mem::replace(&mut state.settings, settings.clone()));
        if before.preference != settings.preference
            && let Some(line) = self.line()
        {
            line.choose(settings.preference);
        }
    }
}
