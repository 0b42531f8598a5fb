//! What belongs to others looks like what does not exist, and nothing of it is told (S3). Callers
//! without a token and with the scope of another rpc are turned away in [`crate::rpcs`]; here are
//! those bound to another organisation, and to one that was merged.

use bytes::Bytes;
use lienminh_cli::load::fresh_request_id;
use lienminh_cli::proto_values::anchor;
use lienminh_local::suite::Token;
use lienminh_local::{ServiceName, StageOptions};
use lienminh_proto::notifier::v1::ListDeliveriesRequest;
use lienminh_proto::obligation::v1::{ListObligationsRequest, ListObligationsResponse};
use lienminh_proto::{events::v1 as events, registry::v1 as registry};
use lienminh_tests::surface::is_as_recorded;
use prost::Message as _;
use prost_reflect::{DynamicMessage, Value};
use tonic::{Code, Status};

use crate::api::violations;
use crate::house::{House, at, options, through};
use crate::member::{AN_BINH, BINH_MINH, DONG_TAM};
use crate::money::{MILLION, Office};
use crate::rpcs::{
    Met, Rpc, every_rpc, kind_of, kinds, learn, moved_in, nameless, of_any, places, put_at,
    put_names, rows, unknown,
};

/// Kinds that are no member's: what the alliance plans, the money it offers, and what only its
/// officers may name at all.
const HOUSE: [&str; 5] = [
    "plans",
    "items",
    "programmes",
    "parkedMessages",
    "transfers",
];

/// Comparisons of each caller: the 173 of the day this was written less a twentieth. Whatever makes
/// more of them vanish takes places out of the walk.
const COMPARED: usize = 164;

/// A name is tried at each place, and most are of a kind that is not meant there: 443 then, so that
/// a place which takes none any more shows.
const MALFORMED_EACH: usize = 3;

/// What no answer to a member tells: what the third member is called, invited to and asked for,
/// where it is reached, and who in the house decided.
const SECRETS: [&str; 8] = [
    "Đồng Tâm",
    "phát động M4",
    "Báo cáo M4",
    "dongtam@",
    "d***@",
    "user:lan",
    "person:tham-dinh",
    "person:phe-duyet",
];

/// With as many look-ups as anybody wants: here only rights are asked about.
fn unhurried() -> StageOptions {
    ServiceName::ALL.into_iter().fold(options(), |stage, each| {
        stage.with(each, "member-lookups", "0")
    })
}

/// What a member takes part in and nobody else.
async fn affairs_of(office: &Office, code: &str) -> Vec<String> {
    let house = &office.house;
    let start = Some(at("2024-03-29T07:30"));
    let title = format!("Lễ phát động {code}");
    let event = house.announce("ceremony", &title, start, &[code]).await;
    let title = format!("Báo cáo {code}");
    let deadline = house.demand(&title, through("2024-03-28"), &[code]).await;
    let request = events::ListInvitationsRequest {
        parent: event.name.clone(),
        ..Default::default()
    };
    let invited = house.officer.events().list_invitations(request).await;
    let request = registry::ListContactsRequest {
        parent: house.member(code),
        ..Default::default()
    };
    let contacts = house.officer.contacts().list_contacts(request).await;
    vec![
        house.member(code),
        contacts.unwrap().into_inner().contacts.remove(0).name,
        event.name,
        invited.unwrap().into_inner().invitations.remove(0).name,
        deadline.name,
        office.approved(code, MILLION).await,
    ]
}

/// A newcomer, and the batch in which it is to be admitted.
async fn newcomer(house: &House) -> [String; 2] {
    let organisation = registry::Organisation {
        kind: registry::OrganisationKind::Cooperative.into(),
        display_name: "Hợp tác xã Ea Pô".to_owned(),
        ..Default::default()
    };
    let request = registry::CreateOrganisationRequest {
        organisation: Some(organisation),
        request_id: fresh_request_id(),
        ..Default::default()
    };
    let made = house
        .officer
        .organisations()
        .create_organisation(request)
        .await;
    let newcomer = made.unwrap().into_inner().name;
    let batch = registry::AdmissionBatch {
        batch: "1/2024".to_owned(),
        deadline: Some(anchor(Some(&through("2024-04-10")))),
        lead_unit: house.unit.clone(),
        organiser: house.alliance.clone(),
        applicants: vec![newcomer.clone()],
        ..Default::default()
    };
    let request = registry::CreateAdmissionBatchRequest {
        admission_batch: Some(batch),
        request_id: fresh_request_id(),
        ..Default::default()
    };
    let made = house
        .officer
        .admissions()
        .create_admission_batch(request)
        .await;
    [newcomer, made.unwrap().into_inner().name]
}

/// What has to be reminded of in these affairs, and what was sent.
async fn follow(house: &House, rpcs: &[Rpc], officer: &str, affairs: &mut Vec<String>) {
    for rpc in rpcs
        .iter()
        .filter(|rpc| rpc.own_name() == "ListObligations")
    {
        let request = ListObligationsRequest {
            page_size: 200,
            ..Default::default()
        };
        let body = request.encode_to_vec().into();
        let answer = rpc.call(Some(officer), "en", body).await.unwrap();
        let all = ListObligationsResponse::decode(answer).unwrap().obligations;
        let own = all
            .into_iter()
            .filter(|each| affairs.contains(&each.subject));
        let names: Vec<String> = own.map(|each| each.name).collect();
        affairs.extend(names);
    }
    let request = ListDeliveriesRequest {
        organisation: affairs[0].clone(),
        ..Default::default()
    };
    let answer = house.officer.notifier().list_deliveries(request).await;
    let delivery = answer.unwrap().into_inner().deliveries.remove(0);
    affairs.extend([delivery.occurrence, delivery.name]);
}

async fn merge(house: &House, code: &str, successor: &str) {
    let request = registry::UpdateOrganisationRequest {
        organisation: Some(registry::Organisation {
            name: house.member(code),
            status: registry::OrganisationStatus::Merged.into(),
            successor: house.member(successor),
            ..Default::default()
        }),
        request_id: fresh_request_id(),
        ..Default::default()
    };
    let mut officer = house.officer.organisations();
    officer.update_organisation(request).await.unwrap();
}

/// A caller bound to one organisation walks through every rpc.
struct Walk<'w> {
    who: &'static str,
    token: String,
    own: &'w [String],
    theirs: &'w [String],
    faults: Vec<String>,
    met: &'w mut Met,
    compared: usize,
    /// Names of a kind that is not meant at their place.
    malformed: usize,
    answered: usize,
}

impl Walk<'_> {
    async fn through(&mut self, rpc: &Rpc, learnt: &DynamicMessage) {
        let mut base = learnt.clone();
        put_names(&mut base, &[("organisations", self.own[0].clone())]);
        let closed = self.ask(rpc, &base).await;
        if closed.is_err_and(|status| status.code() == Code::PermissionDenied) {
            // Whatever is named in it.
            let mut named = base.clone();
            put_names(&mut named, &by_kind(self.theirs));
            return self.compare(rpc, "all", (&base, ""), (&named, "")).await;
        }
        put_names(&mut base, &by_kind(self.own));
        if !rpc.changes_something() {
            self.answered += usize::from(self.ask(rpc, &base).await.is_ok());
        }
        for place in 0..places(&base) {
            self.at(rpc, &base, place).await;
        }
    }

    /// Each of the others' names in one place.
    async fn at(&mut self, rpc: &Rpc, base: &DynamicMessage, place: usize) {
        let moved = self
            .theirs
            .iter()
            .filter_map(|name| moved_in(name, self.own));
        let names: Vec<String> = self.theirs.iter().cloned().chain(moved).collect();
        for name in &names {
            let made_up = unknown(name, self.own);
            let with = |name: &str| {
                let mut body = base.clone();
                put_at(&mut body, place, name);
                body
            };
            let (none, theirs) = (with(&made_up), with(name));
            self.compare(rpc, name, (&none, &made_up), (&theirs, name))
                .await;
        }
    }

    async fn compare(
        &mut self,
        rpc: &Rpc,
        what: &str,
        none: (&DynamicMessage, &str),
        theirs: (&DynamicMessage, &str),
    ) {
        let mut told = Vec::new();
        for (body, name) in [none, theirs] {
            let answer = self.ask(rpc, body).await;
            if answer.as_ref().is_err_and(is_malformed) {
                self.malformed += 1;
                return;
            }
            let answer = answer.map(|said| self.taken(rpc, said, name));
            told.push(answer.map_err(|status| words(&status, name)));
        }
        self.compared += 1;
        if told[0] != told[1] {
            let fault = format!("{}, {}, {what}: {told:?}", rpc.name(), self.who);
            self.faults.push(fault);
        }
    }

    /// What an answer tells: to a change that does not look at the name, as when the server
    /// gives it, only whether it is in there.
    fn taken(&mut self, rpc: &Rpc, said: Bytes, name: &str) -> Bytes {
        if !rpc.changes_something() {
            return said;
        }
        if !name.is_empty() && String::from_utf8_lossy(&said).contains(name) {
            let fault = format!("{}, {}: {name} is taken", rpc.name(), self.who);
            self.faults.push(fault);
        }
        Bytes::new()
    }

    async fn ask(&mut self, rpc: &Rpc, body: &DynamicMessage) -> Result<Bytes, Status> {
        let mut body = body.clone();
        if rpc.changes_something() {
            body.set_field_by_name("request_id", Value::String(fresh_request_id()));
        }
        let answer = rpc
            .call(Some(&self.token), "en", body.encode_to_vec().into())
            .await;
        self.met.caller(rpc, self.who, answer.as_ref().err());
        let said = match &answer {
            Ok(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Err(status) => words(status, ""),
        };
        let leaks = SECRETS.iter().filter(|secret| said.contains(**secret));
        let leaks = leaks.map(|secret| format!("{}, {}: tells {secret}", rpc.name(), self.who));
        self.faults.extend(leaks);
        answer
    }
}

fn by_kind(names: &[String]) -> Vec<(&str, String)> {
    let kinds = names
        .iter()
        .map(|name| (kind_of(name).unwrap(), name.clone()));
    kinds.collect()
}

/// The form of the name is wrong: it is of a kind that is not meant here.
fn is_malformed(status: &Status) -> bool {
    violations(status)
        .iter()
        .any(|violation| violation.reason == "MALFORMED")
}

/// Everything that a refusal says, the same for all names of a kind.
fn words(status: &Status, name: &str) -> String {
    let details = String::from_utf8_lossy(status.details());
    let said = format!("{:?} {} {details}", status.code(), status.message());
    of_any(&said, name)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bound_caller_cannot_tell_what_is_anothers_from_what_does_not_exist() {
    let house = House::with(&unhurried(), &[AN_BINH, BINH_MINH, DONG_TAM]).await;
    let mut office = Office::of(house, 500 * MILLION).await;
    let mut own = affairs_of(&office, "M1").await;
    let mut merged = affairs_of(&office, "M2").await;
    let mut theirs = affairs_of(&office, "M4").await;
    theirs.extend(newcomer(&office.house).await);
    merge(&office.house, "M2", "M4").await;
    office.house.to("2024-03-04T12:00").await;

    let house = &office.house;
    let token = |token: Token| house.stage.suite().token(&token).unwrap();
    let officer = token(Token::new("user:walker", "*"));
    let rpcs = every_rpc(&house.stage);
    for affairs in [&mut own, &mut merged, &mut theirs] {
        follow(house, &rpcs, &officer, affairs).await;
    }
    let mut learnt = Vec::new();
    for rpc in &rpcs {
        let request = learn(rpc, &officer).await;
        assert_eq!(
            nameless(&request),
            [""; 0],
            "their comments say \"Resource name\""
        );
        for kind in kinds(&request) {
            let sorted = theirs
                .iter()
                .any(|name| kind_of(name) == Some(kind.as_str()));
            assert!(
                sorted || HOUSE.contains(&kind.as_str()),
                "{}: whose are {kind}?",
                rpc.name()
            );
        }
        learnt.push(request);
    }
    let before = rows(&house.stage).await;
    let mut faults = Vec::new();
    let mut met = Met::default();
    // One system speaks for both: what the one was answered is not the other's.
    for (who, code, own) in [
        ("bound to another", "M1", &own),
        ("bound to one that was merged", "M2", &merged),
    ] {
        let mut walk = Walk {
            who,
            token: token(Token::new("system:portal", "*").bound_to(&house.member(code))),
            own,
            theirs: &theirs,
            faults: Vec::new(),
            met: &mut met,
            compared: 0,
            malformed: 0,
            answered: 0,
        };
        for (rpc, learnt) in rpcs.iter().zip(&learnt) {
            walk.through(rpc, learnt).await;
        }
        println!(
            "{who}: {} compared, {} of another kind, {} answered",
            walk.compared, walk.malformed, walk.answered
        );
        assert!(walk.compared >= COMPARED && walk.answered > 10);
        assert!(walk.malformed < MALFORMED_EACH * walk.compared);
        faults.append(&mut walk.faults);
    }
    assert!(
        faults.is_empty(),
        "{} tell:\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert_eq!(rows(&house.stage).await, before, "nothing is changed");
    is_as_recorded("members.txt", &met.text());
}
