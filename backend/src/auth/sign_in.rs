use std::{
    net::IpAddr,
    time::{Duration, Instant},
};

use shared_types::{
    Actor, ErrorCode,
    directory::{DirectoryCommand, DirectorySubject},
    event::ActorKind,
    value::{AccountId, Email, Password, SessionId, Timestamp},
};

use super::{Asking, Auth, Secret, now, password::Checked};
use crate::api::ApiError;

/// How long a browser is known.
const SESSION_SECONDS: i64 = 30 * 24 * 60 * 60;

/// A browser's new session.
pub struct Started {
    pub session: SessionId,
    pub secret: Secret,
    pub seconds: i64,
}

impl Auth {
    /// The account with this address and password. Whichever of the two is wrong, the answer is the same and takes as
    /// long.
    pub async fn check_password(
        &self,
        email: &Email,
        typed: &str,
        from: Option<IpAddr>,
    ) -> Result<AccountId, ApiError> {
        let from = from.unwrap_or(IpAddr::from([0, 0, 0, 0]));
        if let Some(wait) = self.attempts.begin(email, from, Instant::now()) {
            let detail = format!(
                "Signing in has failed too often: try again in {}.",
                in_words(wait)
            );
            return Err(ApiError::new(ErrorCode::TooManyRequests, detail).retry_after(wait));
        }
        let account = self.directory.model().aggregate.account_of(email).cloned();
        let kept = account.as_ref().and_then(|account| {
            self.directory
                .model()
                .aggregate
                .password(account.id)
                .cloned()
        });
        let checked = self.passwords.check(Password::typed(typed), kept).await?;
        let account = account.filter(|_| checked != Checked::Wrong);
        if let Some(account) = &account {
            self.open(account.organization).await?;
        }
        // Where its member is deleted that is not told either.
        let Some(account) = account.filter(|account| self.is_open(account)) else {
            tracing::info!(%from, "somebody could not sign in");
            return Err(ApiError::new(
                ErrorCode::NotAuthenticated,
                "The address or the password is wrong.",
            ));
        };
        self.attempts.succeeded(email, from);
        if let Checked::Outgrown(password) = checked {
            let command = DirectoryCommand::RaisePassword {
                account: account.id,
                password,
            };
            // The old hash does as well until the next time.
            if let Err(error) = self.execute(command, Asking::system("sign-in")).await {
                tracing::warn!(%error, "a password could not be kept with larger parameters");
            }
        }
        Ok(account.id)
    }

    /// As whom one asks who has just shown who they are.
    fn asking_of(&self, account: AccountId, asking: Asking) -> Asking {
        let account = self.directory.model().aggregate.account(account).cloned();
        let Some(account) = account else {
            return asking;
        };
        let id = match account.member {
            Some(member) => member.to_string(),
            None => account.id.to_string(),
        };
        let actor = Actor {
            kind: ActorKind::Member,
            id: id.into(),
            run: None,
        };
        Asking { actor, ..asking }
    }

    /// A session for one who has shown who they are.
    pub async fn start_session(
        &self,
        account: AccountId,
        user_agent: Option<String>,
        asking: Asking,
    ) -> Result<Started, ApiError> {
        let secret = Secret::draw("devteam_s").map_err(no_randomness)?;
        let asking = self.asking_of(account, asking);
        let command = DirectoryCommand::StartSession {
            account,
            proof: secret.proof(),
            expires_at: Timestamp::from_millis(now().as_millis() + SESSION_SECONDS * 1000),
            user_agent,
        };
        match self.execute(command, asking).await?.subject {
            DirectorySubject::Session(session) => Ok(Started {
                session,
                secret,
                seconds: SESSION_SECONDS,
            }),
            _ => Err(ApiError::new(ErrorCode::Internal, "No session was made.")),
        }
    }
}

/// How long a wait is, never less than it is.
fn in_words(wait: Duration) -> String {
    let (count, unit) = match wait.as_secs_f64().ceil().max(1.0) as u64 {
        seconds @ ..120 => (seconds, "second"),
        seconds => (seconds.div_ceil(60), "minute"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

/// Without it nothing can be kept secret.
pub fn no_randomness(error: getrandom::Error) -> ApiError {
    tracing::error!(%error, "the system has no random numbers");
    ApiError::new(ErrorCode::Internal, "No secret could be made.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_told_in_whole_seconds_and_then_minutes() {
        let told = [
            (200, "1 second"),
            (1_000, "1 second"),
            (4_001, "5 seconds"),
            (119_500, "2 minutes"),
            (121_000, "3 minutes"),
        ];
        for (millis, words) in told {
            assert_eq!(in_words(Duration::from_millis(millis)), words);
        }
    }
}
