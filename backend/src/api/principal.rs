//! Who a request acts for. Nothing is reachable past [`Principal::of`]: handlers, WebSocket, SSE and polling all get
//! their principal here.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpRequest,
    dev::{Payload, RequestHead},
    web::Data,
};
use shared_types::{
    Actor, ErrorCode,
    event::ActorKind,
    model::{Entity, Member, MemberKind},
    state::Organization,
    value::MemberId,
    wire::{self, PrincipalKind, Role},
};

use super::{ApiError, State};

/// Who a request acts for, and as what.
#[derive(Debug, Clone)]
pub struct Principal {
    /// As events name it.
    pub actor: Actor,
    /// The member it acts as, if it is one.
    pub member: Option<MemberId>,
    /// As the client is told.
    pub wire: wire::Principal,
}

impl Principal {
    /// The principal of a request, or why it has none. On one machine without accounts it is the owner: the member who
    /// was the organization's first person.
    pub fn of(request: &HttpRequest) -> Result<Self, ApiError> {
        let state = request
            .app_data::<Data<State>>()
            .ok_or_else(|| ApiError::new(ErrorCode::Internal, "The server is not put together."))?;
        Self::of_head(state, request.head())
    }

    /// The principal of a request that has not come by way of the routes.
    pub fn of_head(state: &State, _head: &RequestHead) -> Result<Self, ApiError> {
        let model = state.engine.model();
        let member = state.owner(&model.organization);
        Ok(Self::owner(member))
    }

    fn owner(member: Option<MemberId>) -> Self {
        // An organization whose people were all deleted still has its owner, who is then no member.
        let (kind, id) = match member {
            Some(id) => (ActorKind::Member, id.to_string()),
            None => (ActorKind::System, "owner".to_owned()),
        };
        let actor = Actor {
            kind,
            id: id.as_str().into(),
            run: None,
        };
        let wire = wire::Principal {
            kind: PrincipalKind::Member,
            id: id.into(),
            role: Role::Owner,
            member,
        };
        Self {
            actor,
            member,
            wire,
        }
    }
}

impl FromRequest for Principal {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}

/// The first person there was. Ids can be chosen by clients, so they do not tell who that is.
pub(super) fn first_person(organization: &Organization) -> Option<MemberId> {
    let is_person = |member: &&std::sync::Arc<Member>| member.kind == MemberKind::Human;
    let first = organization
        .members()
        .filter(is_person)
        .min_by_key(|member| (member.stamp.created_at, member.id()));
    first.map(|member| member.id())
}
