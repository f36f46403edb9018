//! The keys of a JSON object, those that this version does not know among them.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::Rest;

/// Parts an object into what has one of these keys and what has another; `None` if it is none.
pub(super) fn split(text: &str, keys: &[&str]) -> Option<(Rest, Rest)> {
    let Pairs(pairs) = serde_json::from_str(text).ok()?;
    Some(pairs.into_iter().partition(|(key, _)| keys.contains(&key.as_str())))
}

/// Writes an object, with its keys in this order.
pub(super) fn object(pairs: &[(String, String)]) -> String {
    let pairs: Vec<String> =
        pairs.iter().map(|(key, value)| format!("{}:{value}", serde_json::json!(key))).collect();
    format!("{{{}}}", pairs.join(","))
}

/// An object: each key with the JSON of its value, in order.
struct Pairs(Rest);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(PairsVisitor)
    }
}

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Pairs;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
        let mut pairs = Rest::new();
        while let Some((key, value)) = map.next_entry::<String, &RawValue>()? {
            pairs.push((key, value.get().to_owned()));
        }
        Ok(Pairs(pairs))
    }
}
