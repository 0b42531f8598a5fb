//! The acceptance logs of the two ends joined with the notifier's rows: what is
//! said to have been sent must have been accepted once, and nothing else.

use std::collections::{BTreeMap, HashMap};

use lienminh_cli::connect::{Clients, PAGE, every};
use lienminh_local::sms::AcceptedSms;
use lienminh_local::smtp::AcceptedMail;
use lienminh_proto::notifier::v1::{Channel, Delivery, DeliveryState, ListDeliveriesRequest};

/// What the join finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Joined {
    /// References of rows said to be sent that no end has accepted.
    pub lost: Vec<String>,
    /// References accepted more than once, or equal emails to one address.
    pub doubled: Vec<String>,
    /// References accepted that no row admits to.
    pub invented: Vec<String>,
}

/// Every row of the notifier.
///
/// # Errors
/// A call is refused.
pub async fn rows(clients: &Clients) -> Result<Vec<Delivery>, tonic::Status> {
    every(|page_token| async move {
        let request = ListDeliveriesRequest {
            page_size: PAGE,
            page_token,
            ..Default::default()
        };
        let mut notifier = clients.notifier();
        let page = notifier.list_deliveries(request).await?.into_inner();
        Ok((page.deliveries, page.next_page_token))
    })
    .await
}

/// Joins rows with what the ends accepted.
#[must_use]
pub fn join(rows: &[Delivery], mails: &[AcceptedMail], sms: &[AcceptedSms]) -> Joined {
    let mut accepted: BTreeMap<String, usize> = BTreeMap::new();
    for reference in mails
        .iter()
        .map(|mail| bare(&mail.message_id))
        .chain(sms.iter().map(|sms| bare(&sms.request_id)))
    {
        *accepted.entry(reference).or_default() += 1;
    }
    let by_reference: HashMap<String, &Delivery> = rows
        .iter()
        .filter(|row| !row.reference.is_empty())
        .map(|row| (bare(&row.reference), row))
        .collect();
    let mut joined = Joined {
        lost: rows
            .iter()
            .filter(|row| left(row))
            .map(|row| bare(&row.reference))
            .collect(),
        ..Joined::default()
    };
    joined
        .lost
        .retain(|reference| !accepted.contains_key(reference));
    for (reference, count) in &accepted {
        if *count > 1 {
            joined.doubled.push(reference.clone());
        }
        if !by_reference
            .get(reference)
            .is_some_and(|row| may_have_left(row))
        {
            joined.invented.push(reference.clone());
        }
    }
    joined.doubled.extend(equal_mails(mails));
    joined
}

/// Two mails to one address that say the same, whatever their Message-ID.
fn equal_mails(mails: &[AcceptedMail]) -> Vec<String> {
    let mut seen: HashMap<(String, Vec<u8>), String> = HashMap::new();
    let mut equal = Vec::new();
    for mail in mails {
        let words = (mail.to.join(","), content(&mail.message));
        if let Some(first) = seen.insert(words, mail.message_id.clone())
            && first != mail.message_id
        {
            equal.push(mail.message_id.clone());
        }
    }
    equal
}

/// Subject and body, without what differs in any two messages.
fn content(message: &[u8]) -> Vec<u8> {
    let Some(parsed) = mail_parser::MessageParser::default().parse(message) else {
        return message.to_vec();
    };
    let subject = parsed.subject().unwrap_or_default();
    let body = parsed.body_text(0).unwrap_or_default();
    [subject.as_bytes(), b"\n", body.as_bytes()].concat()
}

fn bare(reference: &str) -> String {
    reference.trim_matches(['<', '>']).to_owned()
}

fn left(row: &Delivery) -> bool {
    row.channel() != Channel::None
        && matches!(
            row.state(),
            DeliveryState::Sent | DeliveryState::Delivered | DeliveryState::Bounced
        )
}

fn may_have_left(row: &Delivery) -> bool {
    left(row) || matches!(row.state(), DeliveryState::Unknown | DeliveryState::Parked)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(reference: &str, state: DeliveryState) -> Delivery {
        Delivery {
            reference: reference.to_owned(),
            state: state.into(),
            channel: Channel::Email.into(),
            ..Default::default()
        }
    }

    fn mail(message_id: &str, to: &str, text: &str) -> AcceptedMail {
        AcceptedMail {
            number: 1,
            at: jiff::Timestamp::UNIX_EPOCH,
            connection: 1,
            from: String::new(),
            to: vec![to.to_owned()],
            message_id: format!("<{message_id}>"),
            size: 0,
            sha256: String::new(),
            file: None,
            message: format!("Subject: x\r\nMessage-ID: <{message_id}>\r\n\r\n{text}\r\n")
                .into_bytes(),
        }
    }

    #[test]
    fn what_was_sent_and_accepted_once_is_neither_lost_nor_doubled() {
        let rows = [
            row("a@x", DeliveryState::Sent),
            row("b@x", DeliveryState::Failed),
        ];
        assert_eq!(
            join(&rows, &[mail("a@x", "p@example.com", "1")], &[]),
            Joined::default()
        );
    }

    #[test]
    fn a_row_without_a_message_is_lost_and_a_message_without_a_row_is_invented() {
        let rows = [
            row("a@x", DeliveryState::Delivered),
            row("b@x", DeliveryState::Suppressed),
        ];
        let joined = join(&rows, &[mail("b@x", "p@example.com", "1")], &[]);
        assert_eq!(
            (joined.lost, joined.invented),
            (vec!["a@x".to_owned()], vec!["b@x".to_owned()])
        );
    }

    #[test]
    fn the_same_message_twice_and_the_same_words_twice_are_doubled() {
        let rows = [
            row("a@x", DeliveryState::Sent),
            row("b@x", DeliveryState::Sent),
        ];
        let twice = [
            mail("a@x", "p@example.com", "1"),
            mail("a@x", "p@example.com", "1"),
        ];
        assert_eq!(join(&rows[..1], &twice, &[]).doubled, ["a@x"]);
        let equal = [
            mail("a@x", "p@example.com", "1"),
            mail("b@x", "p@example.com", "1"),
        ];
        assert_eq!(join(&rows, &equal, &[]).doubled, ["<b@x>"]);
    }
}
