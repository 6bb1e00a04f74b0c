//! Line icons on a 16 by 16 grid. They are ornaments: the control around one has the name.

use yew::prelude::*;

/// Which icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    Activity,
    Archive,
    Calendar,
    Check,
    Chevron,
    Close,
    Comment,
    Edit,
    Filter,
    Folder,
    Expand,
    Link,
    More,
    Plus,
    Restore,
    Search,
    Team,
    Trash,
    Tree,
    Warning,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Icon::Activity => "M1.5 8.5h3l2-5.5 3 10 2-4.5h3",
            Icon::Archive => "M2 3h12v3H2zM3 6v7h10V6M6.5 9h3",
            Icon::Calendar => "M2.5 3.5h11v10h-11zM2.5 6.5h11M5.5 2v3M10.5 2v3",
            Icon::Check => "M3 8.5l3.2 3.2L13 4.8",
            Icon::Chevron => "M6 3.5L10.5 8 6 12.5",
            Icon::Close => "M4 4l8 8M12 4l-8 8",
            Icon::Comment => "M2.5 3.5h11v7.5H8L5 13.5V11H2.5z",
            Icon::Edit => "M3 13l.8-3L11 2.8l2.2 2.2L6 12.2zM9.5 4.3l2.2 2.2",
            Icon::Filter => "M2 4h12M4.5 8h7M6.5 12h3",
            Icon::Folder => "M2 4h4l1.5 2H14v7H2z",
            Icon::Expand => "M9.5 2.5h4v4M13.5 2.5L9 7M6.5 13.5h-4v-4M2.5 13.5L7 9",
            Icon::Link => {
                "M6.5 9.5l3-3M7 4.5l1.3-1.3a2.8 2.8 0 014 4L11 8.5M9 11.5l-1.3 1.3a2.8 2.8 0 01-4-4L5 7.5"
            }
            Icon::More => "M3.5 8h.01M8 8h.01M12.5 8h.01",
            Icon::Plus => "M8 3v10M3 8h10",
            Icon::Restore => "M3 3v4h4M3.2 7A5.2 5.2 0 118 13.2",
            Icon::Search => "M7 12a5 5 0 100-10 5 5 0 000 10zM10.7 10.7L14 14",
            Icon::Team => {
                "M8 6.5a2 2 0 100-4 2 2 0 000 4zM3.5 13.5a2 2 0 100-4 2 2 0 000 4zM12.5 13.5a2 2 0 100-4 2 2 0 000 4zM7 6.5L4.5 9.5M9 6.5l2.5 3"
            }
            Icon::Trash => "M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.7 9h6.6l.7-9M6.7 7.5v3.5M9.3 7.5v3.5",
            Icon::Tree => "M3 2.5v9.5h3M3 6h3M7.5 4.5h6v3h-6zM7.5 10.5h6v3h-6z",
            Icon::Warning => "M8 2.5l6.2 11H1.8zM8 6.5v3.5M8 12h.01",
        }
    }
}

/// Draws an icon.
pub fn icon(which: Icon) -> Html {
    html! {
        <svg class="icon" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.5"
            stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">
            <path d={which.path()} />
        </svg>
    }
}
