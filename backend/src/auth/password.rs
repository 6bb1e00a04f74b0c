use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use shared_types::{ErrorCode, Rejection, directory::Proof, value::Password};
use tokio::sync::Semaphore;

/// Argon2id with 19 MiB, two passes, one lane (OWASP's password storage cheat sheet). They stand in each hash; when
/// these here grow, a hash is made again at the next sign-in.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Passwords that are hashed at the same time. Each takes a processor for a moment; the others wait their turn.
const AT_ONCE: usize = 2;
/// Those that may wait. With more, somebody is trying passwords, and is told to come back later.
const WAITING: usize = 64;

/// Hashes passwords, off the threads that serve connections and not more than a few at a time.
#[derive(Debug)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        metrics::describe_counter!(HASHED, "Passwords hashed, right ones and wrong ones");
        Self {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            places: Arc::new(Semaphore::new(AT_ONCE + WAITING)),
        }
    }
}

/// What a try at a password came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checked {
    Wrong,
    Right,
    /// It is right and was kept with smaller parameters: to be kept as this.
    Outgrown(Proof),
}

impl Passwords {
    /// What is to be kept of a password.
    pub async fn hash(&self, password: Password) -> Result<Proof, Rejection> {
        self.run(move || hash(&password)).await?.map_err(defect)
    }

    /// Whether a password is the one that was kept. Where none was kept, that takes as long.
    pub async fn check(
        &self,
        password: Password,
        kept: Option<Proof>,
    ) -> Result<Checked, Rejection> {
        self.run(move || check(&password, kept.as_ref()))
            .await?
            .map_err(defect)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Rejection> {
        let busy = || {
            let detail = "Too many people are signing in: try again in a moment.";
            Rejection::new(ErrorCode::TooManyRequests, detail)
        };
        let _place = self.places.try_acquire().map_err(|_| busy())?;
        let turn = Arc::clone(&self.turns)
            .acquire_owned()
            .await
            .map_err(|_| busy())?;
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        done.await.map_err(defect)
    }
}

/// How often a password was hashed, right or wrong, of an account or of nobody.
const HASHED: &str = "devteam_passwords_hashed_total";

fn argon2() -> Result<Argon2<'static>, argon2::Error> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &Password) -> Result<Proof, String> {
    metrics::counter!(HASHED).increment(1);
    let argon2 = argon2().map_err(|error| error.to_string())?;
    let hash = argon2.hash_password(password.reveal().as_bytes());
    hash.map(|hash| Proof::from(hash.to_string()))
        .map_err(|error| error.to_string())
}

fn check(password: &Password, kept: Option<&Proof>) -> Result<Checked, String> {
    let Some(kept) = kept else {
        hash(password)?;
        return Ok(Checked::Wrong);
    };
    let parsed = PasswordHash::new(kept.as_str()).map_err(|error| error.to_string())?;
    metrics::counter!(HASHED).increment(1);
    let argon2 = argon2().map_err(|error| error.to_string())?;
    if argon2
        .verify_password(password.reveal().as_bytes(), &parsed)
        .is_err()
    {
        return Ok(Checked::Wrong);
    }
    let params = Params::try_from(&parsed).map_err(|error| error.to_string())?;
    let is_large = params.m_cost() >= MEMORY_KIB && params.t_cost() >= PASSES;
    Ok(if is_large {
        Checked::Right
    } else {
        Checked::Outgrown(hash(password)?)
    })
}

fn defect(error: impl std::fmt::Display) -> Rejection {
    tracing::error!(%error, "a password can't be hashed");
    Rejection::new(
        ErrorCode::Internal,
        "Something went wrong; it is in the server's log.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> Password {
        text.parse().expect("a password")
    }

    #[tokio::test]
    async fn a_password_is_known_again_and_no_other_is() {
        let passwords = Passwords::default();
        let right = password("correct horse battery");
        let kept = passwords.hash(right.clone()).await.expect("hashed");
        assert!(kept.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let check = |tried: &str| passwords.check(password(tried), Some(kept.clone()));
        assert_eq!(
            check("correct horse battery").await.expect("checked"),
            Checked::Right
        );
        assert_eq!(
            check("correct horse batterx").await.expect("checked"),
            Checked::Wrong
        );
        assert_eq!(
            passwords.check(right, None).await.expect("checked"),
            Checked::Wrong
        );
    }

    #[tokio::test]
    async fn a_hash_with_smaller_parameters_is_made_again() {
        let params = Params::new(1024, 1, 1, None).expect("parameters");
        let small = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let kept = small
            .hash_password(b"correct horse battery")
            .expect("hashed");
        let kept = Proof::from(kept.to_string());
        let checked = Passwords::default()
            .check(password("correct horse battery"), Some(kept))
            .await
            .expect("checked");
        let Checked::Outgrown(grown) = checked else {
            panic!("{checked:?}");
        };
        assert!(grown.as_str().contains("m=19456,t=2"));
    }
}
