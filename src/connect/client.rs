//! Requests to AnkiConnect, and what goes wrong with them.
//!
//! Each is a JSON object that is posted to the one address of the add-on. It answers with status
//! 200 also where something failed, so the error is in the answer; it closes each connection.

use std::time::Duration;

use anyhow::{Context as _, bail};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use ureq::Agent;

/// Where the add-on listens, if nobody has set it up otherwise.
pub const DEFAULT_URL: &str = "http://127.0.0.1:8765";

/// The number under which Anki gets the add-on.
const ADD_ON: &str = "2055492159";

/// The version of the protocol.
const VERSION: u32 = 6;

/// How long to wait for an answer to the first request: Anki gives it at once, or shows a dialog.
const FIRST: Duration = Duration::from_secs(5);
/// How long to wait for most answers.
const USUAL: Duration = Duration::from_secs(60);
/// How long to wait for an import.
const LONG: Duration = Duration::from_secs(900);

/// The longest answer that is read.
const LONGEST: u64 = 1 << 30;

/// A running Anki.
#[derive(Debug)]
pub struct Client {
    agent: Agent,
    url: String,
    key: Option<String>,
}

/// An answer of the add-on.
#[derive(Deserialize)]
struct Answer<T> {
    result: Option<T>,
    error: Option<Value>,
}

/// What the add-on says of itself.
#[derive(Deserialize)]
struct Permission {
    permission: String,
    #[serde(rename = "requireApikey", default)]
    requires_key: bool,
}

impl Client {
    /// Looks whether Anki is there and lets us in.
    ///
    /// # Errors
    /// If it is not, or does not; the message says what to do.
    pub fn connect(url: &str, key: Option<String>) -> anyhow::Result<Self> {
        if url.strip_prefix("http://").is_none_or(|host| host.trim_matches('/').is_empty()) {
            bail!("`{url}` is no address of AnkiConnect; one begins with `http://`");
        }
        let agent = Agent::config_builder()
            .proxy(None)
            .max_redirects(0)
            .max_idle_connections(0)
            .http_status_as_error(false)
            .build()
            .new_agent();
        let client = Self { agent, url: url.trim_end_matches('/').to_owned(), key };
        let body = json!({"action": "requestPermission", "version": VERSION});
        let Permission { permission, requires_key } = client.ask(&body, FIRST)?;
        if permission != "granted" {
            bail!("AnkiConnect at {url} does not let this program in");
        }
        if requires_key && client.key.is_none() {
            bail!(
                "AnkiConnect at {url} wants a key\n  it is `apiKey` in the add-on's configuration; \
                 put it into the environment variable DECKPRESS_ANKI_KEY, or into a file that \
                 `key_file` below `[anki]` in `deckpress.toml` names"
            );
        }
        Ok(client)
    }

    /// Returns whether Anki runs on this machine, so that it may see our files.
    #[must_use]
    pub fn is_local(&self) -> bool {
        let host = self.url["http://".len()..].split('/').next().unwrap_or_default();
        let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
        let is_number = |rest: &str| rest.chars().all(|c| c.is_ascii_digit() || c == '.');
        host == "localhost" || host == "[::1]" || host.strip_prefix("127.").is_some_and(is_number)
    }

    /// Makes Anki do something, and returns its answer.
    ///
    /// # Errors
    /// If it cannot, or cannot be reached.
    pub fn call<T: DeserializeOwned>(&self, action: &str, params: &Value) -> anyhow::Result<T> {
        let patience = if action == "importPackage" { LONG } else { USUAL };
        self.ask(&self.request(action, params), patience)
    }

    /// Makes Anki do several things, and returns its answers in order.
    ///
    /// # Errors
    /// If it cannot be reached. What it cannot do is an error of its own.
    pub fn call_all(
        &self,
        actions: &[(&str, Value)],
    ) -> anyhow::Result<Vec<Result<Value, String>>> {
        let requests: Vec<Value> =
            actions.iter().map(|(action, params)| self.request(action, params)).collect();
        let answers: Vec<Answer<Value>> = self.call("multi", &json!({"actions": requests}))?;
        if answers.len() != actions.len() {
            bail!("{}", self.invalid_answer("it gave too few answers"));
        }
        let answer = |Answer { result, error }: Answer<Value>| match error {
            Some(error) => Err(text(&error)),
            None => Ok(result.unwrap_or_default()),
        };
        Ok(answers.into_iter().map(answer).collect())
    }

    fn request(&self, action: &str, params: &Value) -> Value {
        let mut request = json!({"action": action, "version": VERSION, "params": params});
        if let Some(key) = &self.key {
            request["key"] = json!(key);
        }
        request
    }

    fn ask<T: DeserializeOwned>(&self, request: &Value, patience: Duration) -> anyhow::Result<T> {
        let body = serde_json::to_vec(request)?;
        let post = self.agent.post(&self.url).header("Content-Type", "application/json");
        let post = post.config().timeout_global(Some(patience)).build();
        let mut response = post.send(&body).map_err(|error| self.unreachable(&error, patience))?;
        let status = response.status();
        if status.as_u16() == 403 {
            bail!("AnkiConnect at {} does not let this program in", self.url);
        }
        let read = response.body_mut().with_config().limit(LONGEST).read_to_vec();
        let bytes = read.map_err(|error| self.unreachable(&error, patience))?;
        let action = request["action"].as_str().unwrap_or_default();
        if !status.is_success() {
            bail!(
                "{}",
                self.invalid_answer(&format!("it answered `{action}` with status {status}"))
            );
        }
        let answer: Answer<Value> = serde_json::from_slice(&bytes)
            .map_err(|_| self.invalid_answer(&format!("its answer to `{action}` is not JSON")))
            .map_err(anyhow::Error::msg)?;
        if let Some(error) = answer.error {
            bail!("{}", self.action_failed(action, &text(&error)));
        }
        serde_json::from_value(answer.result.unwrap_or_default()).with_context(|| {
            self.invalid_answer(&format!("its answer to `{action}` is of another kind"))
        })
    }

    fn unreachable(&self, error: &ureq::Error, patience: Duration) -> anyhow::Error {
        let url = &self.url;
        if matches!(error, ureq::Error::Timeout(_)) {
            return anyhow::anyhow!(
                "Anki at {url} has not answered for {} seconds\n  close what dialogs it shows, or \
                 bring its window to the front if the system has put it to sleep, and try again",
                patience.as_secs()
            );
        }
        anyhow::anyhow!(
            "there is no Anki at {url}: {error}\n  start Anki, with its add-on AnkiConnect (Tools ▸ \
             Add-ons ▸ Get Add-ons, code {ADD_ON}), and close its dialogs"
        )
    }

    fn invalid_answer(&self, why: &str) -> String {
        format!("what listens at {} is not AnkiConnect, or not as it should be: {why}", self.url)
    }

    /// Says what Anki cannot do, and what helps.
    #[must_use]
    pub fn action_failed(&self, action: &str, why: &str) -> String {
        let help = match why {
            "valid api key must be provided" => {
                "\n  the key in DECKPRESS_ANKI_KEY, or in the file that `key_file` names, is not \
                 `apiKey` in the add-on's configuration"
            }
            "unsupported action" => {
                "\n  bring the add-on up to date: Tools ▸ Add-ons ▸ Check for Updates"
            }
            "collection is not available" => "\n  open a profile in Anki",
            _ => "",
        };
        format!("Anki cannot do `{action}`: {why}{help}")
    }
}

fn text(error: &Value) -> String {
    error.as_str().map_or_else(|| error.to_string(), str::to_owned)
}
