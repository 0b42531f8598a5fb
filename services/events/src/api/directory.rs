//! What a page may say of organisations, as the registry knows them now: names, and
//! the telephone of an office. Nothing else of its answer is kept.

use std::time::Duration;

use anyhow::Result;
use kit::client::{Channel, Peers};
use lienminh_proto::obligation::v1::Position;
use lienminh_proto::registry::v1::contact_service_client::ContactServiceClient;
use lienminh_proto::registry::v1::{BatchGetContactsRequest, Contact, Reachability};
use vietnam::phone::Phone;

use crate::domain::id::OrganisationId;

/// A page does without names rather than let its reader wait longer.
const PATIENCE: Duration = Duration::from_secs(1);

/// The registry. Cheap to clone.
#[derive(Clone)]
pub struct Directory(ContactServiceClient<Channel>);

/// Those that a page is about; what the registry did not tell is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Who is asked.
    pub organisation: String,
    /// Who invites or demands.
    pub organiser: String,
    /// Whom to call.
    pub office: Office,
}

/// A unit with the number of its office.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Office {
    /// Its name.
    pub name: String,
    /// A line that everybody may call; none where no landline is known.
    pub phone: Option<Phone>,
}

impl Directory {
    /// The registry at `url`; connects at the first question.
    ///
    /// # Errors
    /// The address is malformed.
    pub fn new(peers: &Peers, url: &str) -> Result<Self> {
        Ok(Self(ContactServiceClient::new(peers.channel(url)?)))
    }

    /// Those that a page is about; empty where the registry does not answer in time.
    pub(super) async fn names(
        &self,
        organisation: OrganisationId,
        organiser: OrganisationId,
        unit: OrganisationId,
    ) -> Names {
        let asked = [organisation, organiser, unit].map(|id| id.to_string());
        let request = BatchGetContactsRequest {
            organisations: distinct(&asked),
        };
        let mut registry = self.0.clone();
        let told = match tokio::time::timeout(PATIENCE, registry.batch_get_contacts(request)).await
        {
            Ok(Ok(answer)) => answer.into_inner().organisations,
            Ok(Err(status)) => {
                tracing::info!(code = ?status.code(), "a page does without names");
                Vec::new()
            }
            Err(_) => {
                tracing::info!("a page does without names: the registry is slow");
                Vec::new()
            }
        };
        of(&asked, &told)
    }
}

fn distinct(names: &[String; 3]) -> Vec<String> {
    let mut distinct = names.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    distinct
}

fn of([organisation, organiser, unit]: &[String; 3], told: &[Reachability]) -> Names {
    let find = |name: &String| told.iter().find(|each| each.organisation == *name);
    let name =
        |name: &String| find(name).map_or_else(String::new, |each| each.display_name.clone());
    let office = |unit: &String| Office {
        name: name(unit),
        phone: find(unit).and_then(|each| landline(&each.contacts)),
    };
    // Where the unit in charge has no line of its own, the organiser's is called.
    let office = Some(office(unit))
        .filter(|office| office.phone.is_some())
        .unwrap_or_else(|| office(organiser));
    Names {
        organisation: name(organisation),
        organiser: name(organiser),
        office,
    }
}

/// The office's line, or another that is nobody's own.
fn landline(contacts: &[Contact]) -> Option<Phone> {
    let offices = [Position::Office, Position::Officer, Position::Head];
    let rank = |contact: &&Contact| offices.iter().position(|each| *each == contact.position());
    contacts
        .iter()
        .filter(|contact| !contact.phone_receives_sms && !contact.do_not_contact)
        .filter_map(|contact| Some((rank(&contact)?, Phone::parse(&contact.phone).ok()?)))
        .min_by_key(|(rank, _)| *rank)
        .map(|(_, phone)| phone)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact(position: Position, phone: &str, mobile: bool) -> Contact {
        Contact {
            position: position.into(),
            phone: phone.to_owned(),
            phone_receives_sms: mobile,
            ..Contact::default()
        }
    }

    fn unit(name: &str, contacts: Vec<Contact>) -> Reachability {
        Reachability {
            organisation: name.to_owned(),
            display_name: format!("Đơn vị {name}"),
            contacts,
            ..Reachability::default()
        }
    }

    fn names(told: &[Reachability]) -> Names {
        of(&["a", "b", "c"].map(str::to_owned), told)
    }

    #[test]
    fn an_office_is_called_on_its_own_line_and_nobody_on_a_private_one() {
        let told = [
            unit("a", vec![]),
            unit("b", vec![contact(Position::Office, "+842613842123", false)]),
            unit(
                "c",
                vec![
                    contact(Position::Head, "+84912345678", true),
                    contact(Position::Head, "+842613842124", false),
                    contact(Position::Office, "+842613842125", false),
                ],
            ),
        ];
        let found = names(&told);
        assert_eq!(found.organisation, "Đơn vị a");
        assert_eq!(found.organiser, "Đơn vị b");
        let phone = found.office.phone.map(|phone| phone.to_string());
        assert_eq!(phone.as_deref(), Some("0261 3842 125"));

        let without = names(&[told[1].clone(), unit("c", vec![])]);
        assert_eq!(without.office.name, "Đơn vị b");
        assert!(without.office.phone.is_some());
    }

    #[test]
    fn a_registry_that_says_nothing_leaves_everything_empty() {
        assert_eq!(names(&[]), Names::default());
    }
}
