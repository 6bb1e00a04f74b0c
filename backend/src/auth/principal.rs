//! Who a request acts for. Nothing is reachable without one: the guard in front of the routes, the WebSocket's
//! handshake and its first message get theirs here.

use std::{net::IpAddr, sync::Arc, time::Duration};

use actix_web::{
    dev::RequestHead,
    http::header::{self, HeaderMap},
};
use shared_types::{
    Actor, ErrorCode,
    directory::{Account, By, Holder, Lent, Session, Token},
    event::ActorKind,
    model::Entity,
    state::Sight,
    topic::{MemberRef, Topic},
    value::{MemberId, OrganizationId, SessionId, Timestamp, TokenId},
    wire::{self, PrincipalKind, Role},
};

use super::{
    Action, Asking, Auth, client_address, cookie, local::is_local, now, roles::Standing,
    secret::proof_of,
};
use crate::api::{ApiError, State};

/// Who a request acts for, as what, and where.
#[derive(Clone)]
pub struct Principal {
    /// The organization it is of.
    pub state: Arc<State>,
    /// How it showed who it is.
    pub credential: Credential,
    /// As events name it.
    pub actor: Actor,
    /// The member it acts as, if it is one.
    pub member: Option<MemberId>,
    /// What of the organization it sees.
    pub sight: Sight,
    /// As the client is told.
    pub wire: wire::Principal,
    /// From then on it has to show something else.
    pub expires_at: Option<Timestamp>,
    /// The client's address, where it tells anything.
    pub from: Option<IpAddr>,
}

/// How somebody shows who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// By sitting at this machine, which the demo is satisfied with.
    Local,
    /// By a browser's cookie.
    Session(Arc<Session>),
    /// By a token.
    Token(Arc<Token>),
}

/// How long somebody who is not known waits to be looked up again.
const RECOGNISE_WITHIN: Duration = Duration::from_secs(1);

impl Auth {
    /// Who sends a request with this head; none: nobody has tried to be anybody. A token that is not known is refused,
    /// a cookie that is not known any more is as good as none.
    pub fn authenticate(&self, head: &RequestHead) -> Result<Option<Principal>, ApiError> {
        let from = || client_address(head, &self.policy.proxies);
        if let Some(token) = bearer(&head.headers)? {
            return self.by_token(token, from()).map(Some);
        }
        if let Some(shown) = cookie::shown(&head.headers)
            && let Some(principal) = self.by_cookie(shown, from())
        {
            return Ok(Some(principal));
        }
        let is_local = self.policy.local && is_local(head, &self.policy.origins);
        Ok(is_local.then(|| Principal::local(Arc::clone(self.home()))))
    }

    /// Somebody who got a session or a token at another node a moment ago may not be known here yet: then it is asked, for
    /// a moment, what this node has not heard of. And the organization may not be open. To be called before
    /// [`Self::authenticate`].
    pub async fn recognise(&self, head: &RequestHead) -> Result<(), ApiError> {
        let shown = bearer(&head.headers).ok().flatten();
        match shown.or_else(|| cookie::shown(&head.headers)) {
            Some(shown) => self.recognise_shown(shown).await,
            None => Ok(()),
        }
    }

    /// The same for what was shown otherwise.
    pub async fn recognise_shown(&self, shown: &str) -> Result<(), ApiError> {
        // What proves it may have come before the event that says whose it is.
        let is_known = || {
            let model = self.directory.model();
            match model.aggregate.holder(&proof_of(shown)) {
                Some(Holder::Token(id)) => model.aggregate.token(id).is_some(),
                Some(Holder::Session(id)) => model.aggregate.session(id).is_some(),
                _ => false,
            }
        };
        if self.directory.is_shared() && !is_known() {
            self.directory.catch_up(RECOGNISE_WITHIN).await;
        }
        match self.organization_of(shown) {
            Some(organization) => self.open(organization).await.map(drop),
            None => Ok(()),
        }
    }

    /// Where somebody is who shows this.
    fn organization_of(&self, shown: &str) -> Option<OrganizationId> {
        let model = self.directory.model();
        let directory = &model.aggregate;
        match directory.holder(&proof_of(shown))? {
            Holder::Token(id) => Some(directory.token(id)?.organization),
            Holder::Session(id) => {
                let account = directory.session(id)?.account;
                Some(directory.account(account)?.organization)
            }
            _ => None,
        }
    }

    /// Who has this token.
    pub fn by_token(&self, shown: &str, from: Option<IpAddr>) -> Result<Principal, ApiError> {
        let Some(Holder::Token(id)) = self.directory.model().aggregate.holder(&proof_of(shown))
        else {
            return Err(unknown_token());
        };
        let principal = self.token(id, from).ok_or_else(unknown_token)?;
        self.last_use.note(Holder::Token(id), now(), from);
        Ok(principal)
    }

    fn by_cookie(&self, shown: &str, from: Option<IpAddr>) -> Option<Principal> {
        let holder = self.directory.model().aggregate.holder(&proof_of(shown));
        let Some(Holder::Session(id)) = holder else {
            return None;
        };
        let principal = self.session(id, from)?;
        self.last_use.note(Holder::Session(id), now(), from);
        Some(principal)
    }

    /// The same principal as it is now; none where it is of no use any more.
    pub fn again(&self, principal: &Principal) -> Option<Principal> {
        match &principal.credential {
            Credential::Local => Some(principal.clone()),
            Credential::Session(session) => self.session(session.id, principal.from),
            Credential::Token(token) => self.token(token.id, principal.from),
        }
    }

    /// Who has this session, if its time is not over.
    pub fn session(&self, id: SessionId, from: Option<IpAddr>) -> Option<Principal> {
        let model = self.directory.model();
        let session = model.aggregate.session(id)?;
        let account = model.aggregate.account(session.account)?;
        if session.expires_at <= now() || !self.is_open(account) {
            return None;
        }
        let state = self.organizations.get(account.organization)?;
        Some(Principal::of_session(state, session, account, from))
    }

    fn token(&self, id: TokenId, from: Option<IpAddr>) -> Option<Principal> {
        let model = self.directory.model();
        let token = model.aggregate.token(id)?;
        if token.expires_at.is_some_and(|until| until <= now()) {
            return None;
        }
        // It goes with the account it is of, and may never do more than that.
        let most = match token.account {
            Some(account) => {
                let account = model.aggregate.account(account)?;
                self.is_open(account).then_some(account.role)?
            }
            None => Role::Owner,
        };
        let state = self.organizations.get(token.organization)?;
        if let Sight::Member(member) = token.scope
            && !state.has_member(member)
        {
            return None;
        }
        Some(Principal::of_token(state, token, most, from))
    }
}

impl Principal {
    /// The owner of the demo: the member who was the organization's first person.
    fn local(state: Arc<State>) -> Self {
        let member = state.owner();
        // An organization whose people were all deleted still has its owner, who is then no member.
        let (kind, id) = match member {
            Some(id) => (ActorKind::Member, id.to_string()),
            None => (ActorKind::System, "owner".to_owned()),
        };
        Self {
            actor: actor(kind, &id),
            wire: wire::Principal {
                kind: PrincipalKind::Member,
                id: id.into(),
                role: Role::Owner,
                member,
            },
            state,
            credential: Credential::Local,
            member,
            sight: Sight::Organization,
            expires_at: None,
            from: None,
        }
    }

    fn of_session(
        state: Arc<State>,
        session: &Arc<Session>,
        account: &Account,
        from: Option<IpAddr>,
    ) -> Self {
        let member = account.member.filter(|member| state.has_member(*member));
        let id = member.map_or_else(|| account.id.to_string(), |member| member.to_string());
        Self {
            actor: actor(ActorKind::Member, &id),
            wire: wire::Principal {
                kind: PrincipalKind::Member,
                id: id.into(),
                role: account.role,
                member,
            },
            state,
            credential: Credential::Session(Arc::clone(session)),
            member,
            sight: Sight::Organization,
            expires_at: Some(session.expires_at),
            from,
        }
    }

    fn of_token(state: Arc<State>, token: &Arc<Token>, most: Role, from: Option<IpAddr>) -> Self {
        let member = match token.scope {
            Sight::Member(member) => Some(member),
            Sight::Organization | Sight::Project(_) | Sight::Backlog => None,
        };
        let id = token.id.to_string();
        Self {
            actor: actor(ActorKind::Token, &id),
            wire: wire::Principal {
                kind: PrincipalKind::Token,
                id: id.into(),
                role: token.access.role().lesser(most),
                member,
            },
            state,
            credential: Credential::Token(Arc::clone(token)),
            member,
            sight: token.scope,
            expires_at: token.expires_at,
            from,
        }
    }

    /// Refuses what it may not do.
    pub fn demand(&self, action: Action) -> Result<(), ApiError> {
        if action.is_allowed(self.standing()) {
            return Ok(());
        }
        let role = self.wire.role.as_str();
        let detail = match self.wire.kind {
            PrincipalKind::Token => {
                "This token is not made for that: make one with more access.".to_owned()
            }
            PrincipalKind::Member => {
                format!("Your role ({role}) is not enough for that: ask an admin.")
            }
        };
        Err(ApiError::new(ErrorCode::Forbidden, detail))
    }

    /// Whether it may follow a topic.
    pub fn sees(&self, topic: Topic) -> bool {
        self.state
            .engine
            .model()
            .aggregate
            .is_in_sight(self.sight, topic)
    }

    /// The member that goes by this name, where it can be seen.
    pub fn find_member(&self, name: &MemberRef) -> Option<MemberId> {
        let model = self.state.engine.model();
        let found = model.aggregate.find_member(name)?.id();
        self.sight.has_member(found).then_some(found)
    }

    fn standing(&self) -> Standing {
        Standing {
            role: self.wire.role,
            is_token: self.wire.kind == PrincipalKind::Token,
            sees_all: self.sight.is_everything(),
        }
    }

    /// Whether the browser shows who it is by itself, whichever page makes it ask.
    pub fn is_ambient(&self) -> bool {
        !matches!(self.credential, Credential::Token(_))
    }

    /// The account it is of, if any.
    pub fn account(&self) -> Option<shared_types::value::AccountId> {
        match &self.credential {
            Credential::Local => None,
            Credential::Session(session) => Some(session.account),
            Credential::Token(token) => token.account,
        }
    }

    /// The run that it is good for, if it is good for one alone.
    pub fn lent(&self) -> Option<Lent> {
        match &self.credential {
            Credential::Token(token) => token.lent,
            Credential::Local | Credential::Session(_) => None,
        }
    }

    /// The token it is, if it is one.
    pub fn token(&self) -> Option<TokenId> {
        match &self.credential {
            Credential::Token(token) => Some(token.id),
            Credential::Local | Credential::Session(_) => None,
        }
    }

    /// The session it is in, if it is a browser's.
    pub fn session(&self) -> Option<SessionId> {
        match &self.credential {
            Credential::Session(session) => Some(session.id),
            Credential::Local | Credential::Token(_) => None,
        }
    }

    /// With what right it asks the directory for something.
    pub fn by(&self) -> By {
        By {
            organization: self.state.organization(),
            role: self.wire.role,
            account: self.account(),
        }
    }

    /// As what it asks the directory for something.
    pub fn asking(&self, cause: &str) -> Asking {
        Asking {
            actor: self.actor.clone(),
            cause: cause.to_owned(),
            from: self.from,
        }
    }
}

fn actor(kind: ActorKind, id: &str) -> Actor {
    Actor {
        kind,
        id: id.into(),
        run: None,
    }
}

/// The token in a request's `Authorization`, if it has one.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, ApiError> {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    let (scheme, token) = value
        .to_str()
        .unwrap_or_default()
        .split_once(' ')
        .unwrap_or_default();
    if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() {
        return Ok(Some(token.trim()));
    }
    let detail = "Authorization must be `Bearer` and a token.";
    Err(ApiError::new(ErrorCode::NotAuthenticated, detail))
}

fn unknown_token() -> ApiError {
    let detail = "This token is not known here: it is mistyped, revoked, or its time is over.";
    ApiError::new(ErrorCode::NotAuthenticated, detail)
}
