//! The organisations of a run, and how the registry says they are reached.

use notifier::domain::party::{Contact, Party, Position, Reach, Silence};
use uuid::Uuid;

use super::dice::Dice;

/// The unit in charge.
pub const LEAD: u128 = 0x1ead;

/// Domains of their mailboxes.
pub const DOMAINS: usize = 4;

/// First of the parties.
const FIRST: u128 = 0x1000;

/// How an organisation can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Means {
    Email,
    Sms,
    Both,
    Nothing,
    /// The mailbox of the party before it.
    Shared,
    Suspended,
}

/// Everybody whom a run can address.
#[derive(Clone, Debug)]
pub struct Roster {
    reaches: Vec<Reach>,
}

/// Resource name of an organisation.
#[must_use]
pub fn name(id: Uuid) -> String {
    format!("organisations/{id}")
}

/// The id in a resource name.
#[must_use]
pub fn id(name: &str) -> Uuid {
    name.strip_prefix("organisations/")
        .and_then(|id| id.parse().ok())
        .unwrap_or_default()
}

impl Roster {
    /// Some parties, of all sorts, and the unit in charge.
    #[must_use]
    pub fn draw(dice: &mut Dice) -> Self {
        use Means::{Both, Email, Nothing, Shared, Sms, Suspended};
        let sorts = [
            Email, Email, Email, Both, Both, Sms, Sms, Shared, Nothing, Suspended,
        ];
        let parties = 2 + dice.index(3);
        let mut reaches: Vec<Reach> = (0..parties)
            .map(|number| reach(number, *dice.pick(&sorts)))
            .collect();
        let mut lead = reach(0xead, Email);
        lead.organisation = name(Uuid::from_u128(LEAD));
        reaches.push(lead);
        Self { reaches }
    }

    /// The parties, in the order in which a source names them.
    #[must_use]
    pub fn parties(&self) -> Vec<Party> {
        let all = self.reaches.iter().take(self.reaches.len() - 1);
        all.enumerate()
            .map(|(place, each)| Party {
                answer_code: format!("{:06}", 100_000 + place),
                ..Party::plain(&each.organisation)
            })
            .collect()
    }

    /// How an organisation is reached.
    #[must_use]
    pub fn reach(&self, organisation: &str) -> Option<&Reach> {
        self.reaches
            .iter()
            .find(|each| each.organisation == organisation)
    }
}

fn reach(number: usize, means: Means) -> Reach {
    let mailbox = |number: usize| format!("htx{number}@d{}.example.com", number % DOMAINS);
    let email = match means {
        Means::Email | Means::Both | Means::Suspended => mailbox(number),
        Means::Shared => mailbox(number.saturating_sub(1)),
        Means::Sms | Means::Nothing => String::new(),
    };
    let phone = match means {
        Means::Sms | Means::Both => format!("+8490123{number:04}"),
        Means::Email | Means::Nothing | Means::Shared | Means::Suspended => String::new(),
    };
    Reach {
        organisation: name(Uuid::from_u128(FIRST + number as u128)),
        display_name: format!("HTX {number}"),
        short_name: String::new(),
        by_successor: false,
        silence: (means == Means::Suspended).then_some(Silence::Suspended),
        contacts: vec![Contact {
            person_name: String::new(),
            salutation: String::new(),
            position: Some(Position::Director),
            email,
            receives_sms: !phone.is_empty(),
            phone,
            phone_shared: false,
            language: "vi".to_owned(),
            do_not_contact: false,
            advert_consent: false,
            work_refused: false,
        }],
    }
}
