use std::{fmt, str::FromStr};

use reqwest::Url;
use serde::{Deserialize, Serialize};
use shared_types::value::Invalid;

use super::network::Reach;

/// Where a provider is: an address that the paths of its protocol can be put behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// It as text, with a slash at its end.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether nobody between can read along.
    pub fn is_encrypted(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Refuses an address that whoever has set it may not have this server ask.
    pub fn check(&self, reach: Reach) -> Result<(), Invalid> {
        if reach == Reach::Everywhere {
            return Ok(());
        }
        let operator = "or ask the operator of this server for --allow-private-providers";
        if !self.is_encrypted() {
            return Err(Invalid(format!("must begin with https://, {operator}")));
        }
        let host = self.0.host_str().unwrap_or_default();
        // Of an address in numbers nobody asks the resolver, which refuses the others.
        let number = host.trim_matches(['[', ']']).parse();
        if number.is_ok_and(|address| !reach.includes(address)) {
            let message = format!("must not be in a private network: name another, {operator}");
            return Err(Invalid(message));
        }
        Ok(())
    }
}

impl FromStr for BaseUrl {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let invalid = |message: &str| Invalid(message.into());
        let example = "such as https://api.example.com/v1";
        let mut url = Url::parse(text.trim())
            .map_err(|error| Invalid(format!("must be an address, {example}: {error}")))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
            return Err(Invalid(format!(
                "must begin with https:// or http://, {example}"
            )));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(invalid(
                "must have no user or password in it: a key goes to \"key\"",
            ));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(invalid(
                "must end with a path: leave out what stands behind ? and #",
            ));
        }
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        Ok(Self(url))
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<BaseUrl> for String {
    fn from(url: BaseUrl) -> Self {
        url.0.into()
    }
}

impl TryFrom<String> for BaseUrl {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> BaseUrl {
        text.parse().expect("an address")
    }

    #[test]
    fn an_address_ends_with_a_slash_and_has_nothing_but_a_path() {
        assert_eq!(
            url("https://api.example.com/v1").as_str(),
            "https://api.example.com/v1/"
        );
        assert_eq!(url("http://[::1]:8000").as_str(), "http://[::1]:8000/");
        for wrong in [
            "api.example.com",
            "ftp://example.com/",
            "file:///etc/passwd",
            "https://ada:secret@example.com/",
            "https://example.com/?key=1",
            "https://example.com/#x",
        ] {
            assert!(wrong.parse::<BaseUrl>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_admin_may_not_name_what_only_this_server_reaches() {
        for private in [
            "http://api.example.com/",
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://169.254.169.254/latest/meta-data/",
            "https://192.168.1.1:8443/v1",
        ] {
            assert!(url(private).check(Reach::Public).is_err(), "{private}");
            assert!(url(private).check(Reach::Everywhere).is_ok(), "{private}");
        }
        assert!(
            url("https://api.example.com/v1")
                .check(Reach::Public)
                .is_ok()
        );
        assert!(url("https://8.8.8.8/v1").check(Reach::Public).is_ok());
    }
}
