//! What an agent can do: each tool is an ordinary command by the member itself, or a look at what the member sees.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use shared_types::{
    Organization,
    command::{Command, ItemPatch, NewComment, NewItem, NewProposal, Patch},
    model::{
        Entity, Item, ItemKind, Link, Priority, Run, RunKind, RunResult, Status, ToolSwitch,
        ToolSwitches,
    },
    state::Sight,
    topic::{ItemRef, MemberRef},
    value::{Body, Criterion, CriterionText, Estimate, Name, Title},
};

use super::llm::{Call, ToolSpec};

/// Items that one look lists.
const MOST_ITEMS: usize = 100;

/// A call, understood.
#[derive(Debug)]
pub enum Tool {
    /// Changes something: these commands, one after the other.
    Do(Vec<Command>),
    /// Sees something.
    Answer(String),
    Ask(Body),
    Submit(RunResult),
    Plan {
        result: Option<RunResult>,
        proposals: Vec<NewProposal>,
    },
}

/// Why a call can't be carried out, in words for the model.
#[derive(Debug, PartialEq, Eq)]
pub enum Misuse {
    /// There is no such tool, or not for this member.
    Unknown(String),
    /// The arguments are not what the tool takes.
    Arguments(String),
}

impl std::fmt::Display for Misuse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Misuse::Unknown(why) | Misuse::Arguments(why) => f.write_str(why),
        }
    }
}

/// The tools that a model is told of.
pub fn specs(switches: &ToolSwitches, kind: RunKind) -> Vec<ToolSpec> {
    let text = |what: &str| json!({ "type": "string", "description": what });
    let object = |required: &[&str], properties: Value| json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false });
    let list = |what: Value| json!({ "type": "array", "items": what });
    let task = json!({
        "title": text("One line of at most 200 characters"),
        "description": text("Markdown"),
        "acceptance": list(text("One thing that must be true")),
        "estimate": { "type": "number", "description": "Points" },
    });
    let mut create = task.clone();
    create["assignees"] = list(text("A member's slug"));
    let all = [
        ToolSpec {
            name: "post_comment".into(),
            description: "Say something on the item, for the people who follow it.".into(),
            schema: object(&["body"], json!({ "body": text("Markdown") })),
        },
        ToolSpec {
            name: "create_task".into(),
            description: "Make another task beside yours, under the same feature.".into(),
            schema: object(&["title"], create),
        },
        ToolSpec {
            name: "update_task".into(),
            description: "Change your task: tick acceptance criteria by number, or change its text or priority.".into(),
            schema: object(
                &[],
                json!({
                    "tick": list(json!({ "type": "integer" })),
                    "title": text("One line"),
                    "description": text("Markdown"),
                    "priority": { "type": "string", "enum": ["none", "low", "medium", "high", "urgent"] },
                }),
            ),
        },
        ToolSpec {
            name: "list_items".into(),
            description: "List items of the same backlog: your project's, or the organization's own.".into(),
            schema: object(
                &[],
                json!({
                    "status": text("Only with this status, such as todo"),
                    "kind": { "type": "string", "enum": ["epic", "feature", "task"] },
                    "search": text("Only with this in the title"),
                }),
            ),
        },
        ToolSpec {
            name: "get_item".into(),
            description: "Read an item with its description and comments; your own where none is named.".into(),
            schema: object(&[], json!({ "item": text("Its key, such as WEB-12") })),
        },
        ToolSpec {
            name: "ask_question".into(),
            description: "Ask a person, and stop until there is an answer.".into(),
            schema: object(&["question"], json!({ "question": text("Markdown") })),
        },
    ];
    let link = object(
        &["title", "url"],
        json!({ "title": text("What it is"), "url": text("https://…") }),
    );
    let end = match kind {
        RunKind::Work => ToolSpec {
            name: "submit_result".into(),
            description: "Hand in what you have done, for a review. This ends your work.".into(),
            schema: object(
                &["summary"],
                json!({ "summary": text("One line"), "body": text("Markdown"), "links": list(link) }),
            ),
        },
        RunKind::Plan => ToolSpec {
            name: "submit_plan".into(),
            description: "Hand in your proposals, each of which a person takes or leaves. This ends your work.".into(),
            schema: object(
                &["proposals"],
                json!({ "summary": text("One line"), "proposals": list(object(&["title"], task)) }),
            ),
        },
    };
    // What a plan comes to is proposed, and a person takes or leaves it.
    let makes = |tool: &ToolSpec| matches!(&*tool.name, "create_task" | "update_task");
    let allowed = |tool: &ToolSpec| {
        switches.of(&tool.name) != ToolSwitch::Forbidden && (kind == RunKind::Work || !makes(tool))
    };
    all.into_iter().filter(allowed).chain([end]).collect()
}

/// Understands a call. Whether it may be carried out is asked before and after: the switches of the member, and the
/// rules for every command.
pub fn understand(
    model: &Organization,
    run: &Run,
    sight: Sight,
    call: &Call,
) -> Result<Tool, Misuse> {
    let own = model.item(run.item);
    let own = own.ok_or_else(|| Misuse::Arguments("Your item is gone.".into()))?;
    let item: ItemRef = run.item.into();
    Ok(match (call.name.as_str(), run.kind) {
        ("post_comment", _) => {
            let PostComment { body } = arguments(call)?;
            let new = NewComment { id: None, body };
            Tool::Do(vec![Command::CreateComment { item, new }])
        }
        ("create_task", RunKind::Work) => Tool::Do(vec![Command::CreateItem {
            new: new_task(own, arguments(call)?),
        }]),
        ("update_task", RunKind::Work) => Tool::Do(update(item, arguments(call)?)),
        ("list_items", _) => Tool::Answer(list(model, own, sight, &arguments(call)?)),
        ("get_item", _) => {
            let GetItem { item: named } = arguments(call)?;
            Tool::Answer(show(model, sight, &named.unwrap_or(item))?)
        }
        ("ask_question", _) => {
            let AskQuestion { question } = arguments(call)?;
            Tool::Ask(question)
        }
        ("submit_result", RunKind::Work) => Tool::Submit(arguments::<SubmitResult>(call)?.result()),
        ("submit_plan", RunKind::Plan) => {
            let SubmitPlan { summary, proposals } = arguments(call)?;
            let result = summary.map(|summary| RunResult {
                summary,
                body: Body::default(),
                links: Vec::new(),
            });
            let proposals = proposals.into_iter().map(ProposedTask::proposal).collect();
            Tool::Plan { result, proposals }
        }
        (name, _) => return Err(Misuse::Unknown(format!("There is no tool {name}."))),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PostComment {
    body: Body,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CreateTask {
    title: Title,
    #[serde(default)]
    description: Body,
    #[serde(default)]
    acceptance: Vec<CriterionText>,
    #[serde(default)]
    estimate: Option<Estimate>,
    #[serde(default)]
    assignees: Vec<MemberRef>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UpdateTask {
    #[serde(default)]
    tick: Vec<usize>,
    title: Option<Title>,
    description: Option<Body>,
    priority: Option<Priority>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListItems {
    status: Option<Status>,
    kind: Option<ItemKind>,
    search: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GetItem {
    item: Option<ItemRef>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AskQuestion {
    question: Body,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SubmitResult {
    summary: Title,
    #[serde(default)]
    body: Body,
    #[serde(default)]
    links: Vec<Link>,
}

impl SubmitResult {
    fn result(self) -> RunResult {
        RunResult {
            summary: self.summary,
            body: self.body,
            links: self.links,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SubmitPlan {
    summary: Option<Title>,
    proposals: Vec<ProposedTask>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProposedTask {
    title: Title,
    #[serde(default)]
    description: Body,
    #[serde(default)]
    acceptance: Vec<CriterionText>,
    #[serde(default)]
    estimate: Option<Estimate>,
}

impl ProposedTask {
    fn proposal(self) -> NewProposal {
        NewProposal {
            title: self.title,
            description: self.description,
            acceptance: criteria(self.acceptance),
            estimate: self.estimate,
        }
    }
}

fn criteria(texts: Vec<CriterionText>) -> Vec<Criterion> {
    let open = |text| Criterion { text, done: false };
    texts.into_iter().map(open).collect()
}

fn arguments<T: DeserializeOwned>(call: &Call) -> Result<T, Misuse> {
    let text = match call.arguments.trim() {
        "" => "{}",
        text => text,
    };
    serde_json::from_str(text).map_err(|error| {
        Misuse::Arguments(format!(
            "The arguments of {} can't be read: {error}. Give what its description says.",
            call.name
        ))
    })
}

/// A task beside another.
fn new_task(own: &Item, task: CreateTask) -> NewItem {
    let parent = match own.kind {
        ItemKind::Task => own.parent,
        ItemKind::Feature => Some(own.id()),
        ItemKind::Epic => None,
    };
    NewItem {
        id: None,
        kind: ItemKind::Task,
        title: task.title,
        project: own.project.map(Into::into),
        team: own.team.map(Into::into),
        parent: parent.map(Into::into),
        description: task.description,
        status: Some(Status::Todo),
        priority: Priority::default(),
        assignees: task.assignees,
        labels: Vec::new(),
        estimate: task.estimate,
        due: None,
        depends_on: Vec::new(),
        acceptance: criteria(task.acceptance),
    }
}

fn update(item: ItemRef, change: UpdateTask) -> Vec<Command> {
    let ticks = change
        .tick
        .into_iter()
        .map(|criterion| Command::SetAcceptance {
            item: item.clone(),
            criterion,
            done: true,
            expected: None,
        });
    let mut commands: Vec<Command> = ticks.collect();
    let patch = ItemPatch {
        title: patch(change.title),
        description: patch(change.description),
        priority: patch(change.priority),
        ..ItemPatch::default()
    };
    if patch != ItemPatch::default() {
        let expected = None;
        commands.push(Command::UpdateItem {
            item,
            patch,
            expected,
        });
    }
    commands
}

fn patch<T>(value: Option<T>) -> Patch<T> {
    value.map_or(Patch::Keep, Patch::Set)
}

fn list(model: &Organization, own: &Item, sight: Sight, filter: &ListItems) -> String {
    let search = filter.search.as_ref().map(|search| search.to_lowercase());
    let matches = |item: &&std::sync::Arc<Item>| {
        sight.has_item(item)
            && filter.status.is_none_or(|status| item.status == status)
            && filter.kind.is_none_or(|kind| item.kind == kind)
            && search
                .as_ref()
                .is_none_or(|search| item.title.to_lowercase().contains(search))
    };
    let lines: Vec<String> = model
        .items_in(own.project)
        .filter(matches)
        .take(MOST_ITEMS)
        .map(|item| {
            format!(
                "{} [{}, {}] {}",
                item.key,
                item.kind,
                item.status.as_str(),
                item.title
            )
        })
        .collect();
    match lines.is_empty() {
        true => "There is none.".into(),
        false => lines.join("\n"),
    }
}

fn show(model: &Organization, sight: Sight, name: &ItemRef) -> Result<String, Misuse> {
    let found = model.find_item(name).filter(|item| sight.has_item(item));
    let item = found.and_then(|item| model.item_in_full(item.id()));
    let item = item.ok_or_else(|| Misuse::Arguments(format!("There is no item {name}.")))?;
    let mut text = format!(
        "{} [{}, {}] {}\n\n{}\n",
        item.key,
        item.kind,
        item.status.as_str(),
        item.title,
        item.description.as_deref().unwrap_or_default()
    );
    for (n, criterion) in item.acceptance.iter().flatten().enumerate() {
        let done = if criterion.done { "x" } else { " " };
        text += &format!("{n}. [{done}] {}\n", criterion.text);
    }
    for comment in model.comments_of(item.id()) {
        let author = comment.author.and_then(|id| model.member(id));
        let by = author.map_or("somebody", |member| &*member.name);
        text += &format!("\n{by} writes:\n{}\n", comment.body);
    }
    Ok(text)
}

/// A call as a person is asked about it.
pub fn tool_call(call: &Call) -> Option<shared_types::model::ToolCall> {
    Some(shared_types::model::ToolCall {
        name: call.name.parse::<Name>().ok()?,
        arguments: call.arguments.parse().ok()?,
    })
}
