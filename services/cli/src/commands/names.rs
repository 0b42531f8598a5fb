//! Resource names in refusals, told as people know them: by title, by name and code.

use std::collections::BTreeMap;

use lienminh_proto::funding::v1::GetApplicationRequest;

use super::find;
use crate::connect::{Clients, in_words};
use crate::language::phrase;

/// A refusal speaks of few things; one that speaks of more is a list.
const MOST: usize = 8;

/// Characters of an identity: a UUID.
const IDENTITY: usize = 36;

/// A refusal with the names that people know; other failures stay as they are.
pub(super) async fn for_people(clients: &Clients, error: anyhow::Error) -> anyhow::Error {
    let Some(status) = error.downcast_ref::<tonic::Status>() else {
        return error;
    };
    let told = in_words(status);
    let mut known = BTreeMap::new();
    for name in resources(&told).into_iter().take(MOST) {
        let label = label(clients, &name).await;
        known.insert(name, label);
    }
    if known.is_empty() {
        return error;
    }
    let named = known
        .iter()
        .fold(told, |told, (name, label)| told.replace(name, label));
    anyhow::Error::msg(named)
}

/// The resource names that stand in a text, each once.
fn resources(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (at, _) in text.match_indices('/') {
        let before = &text[..at];
        let begins = before
            .trim_end_matches(|sign: char| sign.is_ascii_alphabetic())
            .len();
        let ends = at + 1 + IDENTITY;
        let identity = text.get(at + 1..ends).unwrap_or_default();
        let name = text.get(begins..ends).unwrap_or_default();
        if begins < at
            && uuid::Uuid::try_parse(identity).is_ok()
            && !found.iter().any(|each| each == name)
        {
            found.push(name.to_owned());
        }
    }
    found
}

/// What people call it; where nobody may or can say, what it is beside its name.
async fn label(clients: &Clients, name: &str) -> String {
    let collection = name.split('/').next().unwrap_or_default();
    let called = match collection {
        "organisations" => find::known_label(clients, name).await,
        "events" => {
            let found = find::read_event(clients, name.to_owned()).await;
            found.ok().map(|found| quoted(&found.title))
        }
        "deadlines" => {
            let found = find::read_deadline(clients, name.to_owned()).await;
            found.ok().map(|found| quoted(&found.title))
        }
        "applications" => application(clients, name).await,
        _ => None,
    };
    called.unwrap_or_else(|| what(collection, name))
}

async fn application(clients: &Clients, name: &str) -> Option<String> {
    let name = name.to_owned();
    let request = GetApplicationRequest { name };
    let found = clients.funding().get_application(request).await.ok()?;
    let applicant = find::known_label(clients, &found.get_ref().applicant).await?;
    Some(phrase!(
        "hồ sơ của {applicant}",
        "the application of {applicant}"
    ))
}

fn quoted(title: &str) -> String {
    phrase!("“{title}”", "\"{title}\"")
}

fn what(collection: &str, name: &str) -> String {
    match collection {
        "organisations" => phrase!("đơn vị {name}", "the organisation {name}"),
        "events" => phrase!("hoạt động {name}", "the event {name}"),
        "deadlines" => phrase!("thời hạn {name}", "the deadline {name}"),
        "applications" => phrase!("hồ sơ {name}", "the application {name}"),
        "contacts" => phrase!("đầu mối {name}", "the contact {name}"),
        "plans" => phrase!("kế hoạch {name}", "the plan {name}"),
        "parkedMessages" => phrase!("thông điệp {name}", "the message {name}"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resource_names_are_found_wherever_they_stand() {
        let one = "organisations/018f0000-0000-7000-8000-000000000001";
        let other = "events/018f0000-0000-7000-8000-000000000002";
        let text = format!("Đơn vị {one} chưa được mời tới {other}, {one}; ngày 1/4/2024 và/hoặc.");
        assert_eq!(resources(&text), [one, other]);
        assert!(resources("dịch vụ tại http://127.0.0.1:7101/x").is_empty());
    }
}
