//! Which of an AI member's tools a command is as good as.

use super::Command;
use crate::topic::ItemRef;

impl Command {
    /// The tool that does the same for an AI member; none where no tool does anything like it.
    pub fn tool(&self) -> Option<&'static str> {
        use Command as C;
        match self {
            C::CreateItem { .. } => Some("create_task"),
            C::UpdateItem { .. }
            | C::MoveItem { .. }
            | C::DeleteItem { .. }
            | C::RestoreItem { .. }
            | C::Assign { .. }
            | C::Unassign { .. }
            | C::AddLabel { .. }
            | C::RemoveLabel { .. }
            | C::SetAcceptance { .. } => Some("update_task"),
            C::CreateComment { .. }
            | C::UpdateComment { .. }
            | C::DeleteComment { .. }
            | C::RestoreComment { .. } => Some("post_comment"),
            _ => None,
        }
    }

    /// The item that it changes, or says something on, with what a tool could.
    pub(crate) fn item_of_tool(&self) -> Option<&ItemRef> {
        use Command as C;
        match self {
            C::UpdateItem { item, .. }
            | C::MoveItem { item, .. }
            | C::DeleteItem { item, .. }
            | C::RestoreItem { item }
            | C::Assign { item, .. }
            | C::Unassign { item, .. }
            | C::AddLabel { item, .. }
            | C::RemoveLabel { item, .. }
            | C::SetAcceptance { item, .. }
            | C::CreateComment { item, .. }
            | C::UpdateComment { item, .. }
            | C::DeleteComment { item, .. }
            | C::RestoreComment { item, .. } => Some(item),
            _ => None,
        }
    }
}
