//! Conditional requests: `If-Match` on writes, `If-None-Match` on reads.

use actix_web::http::header::{HeaderMap, HeaderName, IF_MATCH, IF_NONE_MATCH};
use shared_types::{
    ErrorCode,
    command::{Command, Expected},
    model::Entity,
    state::Organization,
};

use super::ApiError;

/// No entity has it, so it stands for a tag that can match nothing.
const NO_VERSION: u64 = 0;

/// What a conditional header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// There is no such header.
    Absent,
    /// `*`
    Any,
    /// Entity tags without their quotes. A proxy that compresses makes them weak, so weak ones are taken as well.
    Tags(Vec<String>),
}

impl Condition {
    /// `If-Match`
    pub fn if_match(headers: &HeaderMap) -> Result<Self, ApiError> {
        Self::of(headers, IF_MATCH)
    }

    /// `If-None-Match`
    pub fn if_none_match(headers: &HeaderMap) -> Result<Self, ApiError> {
        Self::of(headers, IF_NONE_MATCH)
    }

    fn of(headers: &HeaderMap, name: HeaderName) -> Result<Self, ApiError> {
        let mut tags = Vec::new();
        for value in headers.get_all(&name) {
            let text = value.to_str().unwrap_or_default().trim();
            if text == "*" {
                return Ok(Condition::Any);
            }
            let parsed = parse_tags(text).ok_or_else(|| {
                let detail =
                    format!("{name} must be * or entity tags in double quotes, such as \"5\".");
                ApiError::new(ErrorCode::Malformed, detail)
            })?;
            tags.extend(parsed);
        }
        Ok(if tags.is_empty() {
            Condition::Absent
        } else {
            Condition::Tags(tags)
        })
    }

    /// Whether it names this tag.
    pub fn names(&self, tag: &str) -> bool {
        match self {
            Condition::Absent => false,
            Condition::Any => true,
            Condition::Tags(tags) => tags.iter().any(|t| t == tag),
        }
    }

    /// Writes the version it demands into the command, which is compared where nothing can come in between.
    pub fn demand(
        &self,
        command: &mut Command,
        organization: &Organization,
    ) -> Result<(), ApiError> {
        if *self == Condition::Absent && changes_list(command) {
            let detail = "To change assignees, labels, depends_on or acceptance as a whole, name the version you have \
                          read in If-Match.";
            return Err(ApiError::new(ErrorCode::PreconditionRequired, detail));
        }
        if let Condition::Tags(tags) = self
            && let Some((expected, current)) = target(command, organization)
        {
            let mut versions = tags.iter().map(|tag| tag.parse().unwrap_or(NO_VERSION));
            let first = versions.clone().next().unwrap_or(NO_VERSION);
            *expected = Some(
                versions
                    .find(|version| Some(*version) == current)
                    .unwrap_or(first),
            );
        }
        Ok(())
    }
}

/// A comma-separated list of entity tags; none where it is not one.
fn parse_tags(text: &str) -> Option<Vec<String>> {
    let mut tags = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let opened = rest.strip_prefix("W/").unwrap_or(rest).strip_prefix('"')?;
        let (tag, after) = opened.split_once('"')?;
        tags.push(tag.to_owned());
        let after = after.trim_start();
        rest = match after.strip_prefix(',') {
            Some(more) => more.trim_start(),
            None if after.is_empty() => after,
            None => return None,
        };
    }
    (!tags.is_empty()).then_some(tags)
}

/// Two people's ticks must not undo each other.
fn changes_list(command: &Command) -> bool {
    let Command::UpdateItem { patch, .. } = command else {
        return false;
    };
    !(patch.assignees.is_keep()
        && patch.labels.is_keep()
        && patch.depends_on.is_keep()
        && patch.acceptance.is_keep())
}

/// Where a command says which version it expects, and which one there is.
fn target<'c>(
    command: &'c mut Command,
    model: &Organization,
) -> Option<(&'c mut Expected, Option<u64>)> {
    let project = |name| model.find_project(name);
    Some(match command {
        Command::UpdateOrganization { expected, .. } => (expected, Some(model.profile.version())),
        Command::UpdateProject {
            project: name,
            expected,
            ..
        }
        | Command::DeleteProject {
            project: name,
            expected,
        } => (expected, project(name).map(|project| project.version())),
        Command::UpdateTeam {
            project: of,
            team,
            expected,
            ..
        }
        | Command::DeleteTeam {
            project: of,
            team,
            expected,
        }
        | Command::JoinTeam {
            project: of,
            team,
            expected,
            ..
        }
        | Command::LeaveTeam {
            project: of,
            team,
            expected,
            ..
        } => (
            expected,
            project(of)
                .and_then(|of| model.find_team(of.id(), team))
                .map(|team| team.version()),
        ),
        Command::UpdateMember {
            member, expected, ..
        }
        | Command::DeleteMember { member, expected } => (
            expected,
            model.find_member(member).map(|member| member.version()),
        ),
        Command::UpdateItem { item, expected, .. }
        | Command::MoveItem { item, expected, .. }
        | Command::DeleteItem { item, expected }
        | Command::Assign { item, expected, .. }
        | Command::Unassign { item, expected, .. }
        | Command::AddLabel { item, expected, .. }
        | Command::RemoveLabel { item, expected, .. }
        | Command::SetAcceptance { item, expected, .. } => {
            (expected, model.find_item(item).map(|item| item.version()))
        }
        Command::UpdateComment {
            comment, expected, ..
        }
        | Command::DeleteComment {
            comment, expected, ..
        } => (
            expected,
            model.comment(*comment).map(|comment| comment.version()),
        ),
        Command::CreateProject { .. }
        | Command::RestoreProject { .. }
        | Command::CreateTeam { .. }
        | Command::RestoreTeam { .. }
        | Command::CreateMember { .. }
        | Command::LinkMember { .. }
        | Command::RestoreMember { .. }
        | Command::CreateItem { .. }
        | Command::RestoreItem { .. }
        | Command::CreateComment { .. }
        | Command::RestoreComment { .. }
        // What is asked of a run depends on its state, which the rules compare, and not on what else has changed.
        | Command::StartRun { .. }
        | Command::ClaimRun { .. }
        | Command::WorkRun { .. }
        | Command::LapseRun { .. }
        | Command::EndRunOutOfTime { .. }
        | Command::CancelRun { .. }
        | Command::AnswerRun { .. }
        | Command::AcceptRun { .. }
        | Command::RejectRun { .. }
        | Command::RetryRun { .. }
        | Command::AcceptProposal { .. }
        | Command::DismissProposal { .. }
        | Command::AsRun { .. }
        | Command::SetBudget { .. }
        | Command::SwitchAgents { .. } => return None,
    })
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn if_match(value: &'static str) -> Result<Condition, ErrorCode> {
        let mut headers = HeaderMap::new();
        headers.insert(IF_MATCH, HeaderValue::from_static(value));
        Condition::if_match(&headers).map_err(|error| error.code())
    }

    #[test]
    fn tags_are_taken_strong_or_weak_alone_or_in_a_list() {
        let tags = |tags: &[&str]| {
            Ok(Condition::Tags(
                tags.iter().map(|tag| tag.to_string()).collect(),
            ))
        };
        assert_eq!(if_match("\"5\""), tags(&["5"]));
        assert_eq!(if_match("W/\"5\""), tags(&["5"]));
        assert_eq!(if_match("\"5\", \"6\" ,W/\"7\""), tags(&["5", "6", "7"]));
        assert_eq!(if_match("*"), Ok(Condition::Any));
        assert_eq!(
            Condition::if_match(&HeaderMap::new()).map_err(|e| e.code()),
            Ok(Condition::Absent)
        );
    }

    #[test]
    fn a_tag_without_quotes_is_refused_instead_of_ignored() {
        for value in ["5", "\"5", "\"5\" \"6\"", "W/5", "garbage"] {
            assert_eq!(if_match(value), Err(ErrorCode::Malformed), "{value}");
        }
    }
}
